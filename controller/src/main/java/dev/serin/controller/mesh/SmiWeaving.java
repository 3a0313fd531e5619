package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.mesh.RouteRequest;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.TrafficSplit;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The backends of a TrafficSplit, which are those of a single rule.
final class SmiWeaving implements Weaving {
  private static final String WEIGHT = "weight";
  private final RuleWeaving one;

  SmiWeaving(RouteRequest request) {
    one = new RuleWeaving(new Backends(request));
  }

  @Override
  public boolean namesStable(ArrayNode backends) {
    return one.namesStable(rule(backends));
  }

  @Override
  public boolean isWoven(ArrayNode backends) {
    return one.isWoven(rule(backends));
  }

  @Override
  public boolean reachesCanary(ArrayNode backends, Optional<TrafficSplit> woven) {
    return one.reachesCanary(rule(backends), woven);
  }

  @Override
  public ArrayNode weave(ArrayNode plain, TrafficSplit split, String session) {
    return backends(one.weave(rule(plain), split, session));
  }

  @Override
  public ArrayNode strip(ArrayNode backends, TrafficSplit woven) {
    return backends(one.strip(rule(backends), woven));
  }

  @Override
  public List<String> obstacles(ArrayNode plain, TrafficSplit split) {
    return one.obstacles(rule(plain), split);
  }

  private static ArrayNode rule(ArrayNode backends) {
    return Json.array().add(Json.object().set("backends", inNumbers(backends)));
  }

  private static ArrayNode backends(ArrayNode rules) {
    return Json.list(rules.path(0), "backends");
  }

  /// The first version has weights like `900m`; where there is one, all are taken in thousandths.
  private static ArrayNode inNumbers(ArrayNode backends) {
    var copy = backends.deepCopy();
    if (copy.valueStream().anyMatch(backend -> backend.path(WEIGHT).isTextual())) {
      for (var backend : copy) {
        ((ObjectNode) backend).put(WEIGHT, thousandths(backend.path(WEIGHT)));
      }
    }
    return copy;
  }

  private static int thousandths(JsonNode quantity) {
    var text = quantity.asText("0");
    try {
      return text.endsWith("m")
          ? new BigDecimal(text.substring(0, text.length() - 1)).intValue()
          : new BigDecimal(text).multiply(BigDecimal.valueOf(1000)).intValue();
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private record Backends(RouteRequest request) implements Syntax {

    @Override
    public String backends() {
      return "backends";
    }

    @Override
    public boolean isStable(JsonNode backend) {
      return backend.path("service").asText().equals(request.apex());
    }

    @Override
    public boolean isCanary(JsonNode backend) {
      return backend.path("service").asText().equals(request.canaryService());
    }

    @Override
    public int unsetWeight() {
      return 1;
    }

    @Override
    public int greatestWeight() {
      return Integer.MAX_VALUE;
    }

    @Override
    public ObjectNode canaryLike(ObjectNode stable) {
      return stable.deepCopy().put("service", request.canaryService());
    }

    @Override
    public void setCookie(ObjectNode backend, String cookie) {
      throw new IllegalArgumentException("SMI knows no session affinity");
    }

    @Override
    public List<ObjectNode> narrow(ObjectNode rule, List<RequestMatch> alternatives) {
      throw new IllegalArgumentException("Serin routes with SMI by weight only");
    }

    @Override
    public Set<String> asked(ObjectNode rule) {
      return Set.of();
    }

    @Override
    public void mirror(ObjectNode rule, ObjectNode canary, int percent) {
      throw new IllegalArgumentException("SMI knows no mirroring");
    }

    @Override
    public boolean mirrors(ObjectNode rule) {
      return false;
    }

    @Override
    public void unmirror(ObjectNode rule) {}
  }
}
