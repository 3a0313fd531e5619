package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import dev.serin.rollout.TrafficSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Weaves a canary into rules with weighted backends.
///
/// In a rule that names stable, all weights are multiplied by 100 and stable's is divided between
/// stable and the canary, which stands right after it. So proportions to other backends stay, and
/// the former weights can be told from the rule alone. Rules for some requests only (matches, users
/// that stay) are copies right before it; in them the canary stands first.
record RuleWeaving(Syntax syntax) implements Weaving {
  private static final int SCALE = 100;
  private static final String WEIGHT = "weight";

  @Override
  public boolean namesStable(ArrayNode rules) {
    return rules.valueStream().anyMatch(rule -> firstStable(rule) >= 0);
  }

  @Override
  public boolean isWoven(ArrayNode rules) {
    return objects(rules).stream().anyMatch(rule -> firstStable(rule) >= 0 && namesCanary(rule));
  }

  @Override
  public boolean reachesCanary(ArrayNode rules, Optional<TrafficSplit> woven) {
    int copies = woven.map(this::copies).orElse(rules.size());
    var before = new ArrayDeque<ObjectNode>();
    for (var rule : objects(rules)) {
      before.add(rule);
      if (firstStable(rule) >= 0
          && namesCanary(rule)
          && before.stream().anyMatch(this::sendsToCanary)) {
        return true;
      }
      while (before.size() > copies) {
        before.removeFirst();
      }
    }
    return false;
  }

  @Override
  public ArrayNode weave(ArrayNode plain, TrafficSplit split, String session) {
    var woven = Json.array();
    for (var item : plain) {
      if (!(item instanceof ObjectNode rule) || firstStable(rule) < 0) {
        woven.add(item.deepCopy());
        continue;
      }
      var cookie = split.affinity().map(kept -> setCookie(kept, session));
      split
          .affinity()
          .ifPresent(kept -> woven.addAll(copies(rule, List.of(has(kept, session)), 100, 0)));
      if (split.matches().isEmpty()) {
        woven.add(shared(rule, split.canary(), split.mirrored(), cookie));
      } else {
        var matching = copies(rule, split.matches(), split.canary(), split.mirrored());
        cookie.ifPresent(value -> matching.forEach(copy -> setCookie(copy, value)));
        woven.addAll(matching).add(shared(rule, 0, 0, Optional.empty()));
      }
    }
    return woven;
  }

  @Override
  public ArrayNode strip(ArrayNode rules, TrafficSplit woven) {
    int copies = copies(woven);
    var plain = new ArrayList<JsonNode>();
    for (var item : rules) {
      if (item instanceof ObjectNode rule && isWoven(rule)) {
        for (int i = 0; i < copies && !plain.isEmpty() && isCopy(plain.getLast()); i++) {
          plain.removeLast();
        }
      }
      plain.add(item.deepCopy());
    }
    plain.forEach(this::unweave);
    return Json.array(plain);
  }

  @Override
  public List<String> obstacles(ArrayNode plain, TrafficSplit split) {
    var obstacles = new ArrayList<String>();
    for (var match : split.matches()) {
      match.conditions().forEach(c -> syntax.refused(c).ifPresent(obstacles::add));
    }
    for (var rule : objects(plain)) {
      if (firstStable(rule) >= 0) {
        obstacles.addAll(tooFine(rule));
        obstacles.addAll(askedTwice(rule, split));
        if (split.mirrored() > 0) {
          syntax.cannotMirror(rule).ifPresent(obstacles::add);
        }
      }
    }
    if (obstacles.isEmpty()) {
      obstacles.addAll(syntax.obstacles(weave(plain, split, "session")));
    }
    return obstacles.stream().distinct().toList();
  }

  private List<String> tooFine(ObjectNode rule) {
    int most = syntax.greatestWeight() / SCALE;
    return backends(rule).stream()
        .filter(backend -> backend.path(WEIGHT).asInt(1) > most)
        .map(
            backend ->
                "weight %d beside the stable Service is too fine to be divided; use weights up to %d"
                    .formatted(backend.path(WEIGHT).asInt(), most))
        .toList();
  }

  private List<String> askedTwice(ObjectNode rule, TrafficSplit split) {
    var alternatives = new ArrayList<>(split.matches());
    split.affinity().ifPresent(kept -> alternatives.add(has(kept, "")));
    var twice = new ArrayList<String>();
    for (var alternative : alternatives) {
      var asked = new java.util.HashSet<>(syntax.asked(rule));
      for (var condition : alternative.conditions()) {
        if (!asked.add(syntax.slot(condition))) {
          twice.add(
              "a match would ask twice for the %s, and can only once; leave one of them out"
                  .formatted(syntax.slot(condition)));
        }
      }
    }
    return twice;
  }

  /// How many copies stand before each rule.
  private int copies(TrafficSplit split) {
    return (split.affinity().isPresent() ? syntax.narrowed(1) : 0)
        + (split.matches().isEmpty() ? 0 : syntax.narrowed(split.matches().size()));
  }

  /// A rule in which the canary has its share.
  private ObjectNode shared(ObjectNode rule, int canary, int mirrored, Optional<String> cookie) {
    var shared = rule.deepCopy();
    var backends = Json.array();
    Optional<ObjectNode> mirror = Optional.empty();
    for (var backend : Json.objects(shared, syntax.backends())) {
      if (!syntax.answers(backend)) {
        backends.add(backend);
        continue;
      }
      int weight = weight(backend, rule);
      if (!syntax.isStable(backend)) {
        backends.add(backend.put(WEIGHT, weight * SCALE));
        continue;
      }
      mirror = mirror.isPresent() ? mirror : Optional.of(syntax.canaryLike(backend));
      var other = syntax.canaryLike(backend).put(WEIGHT, weight * canary);
      cookie.ifPresent(value -> syntax.setCookie(other, value));
      backends.add(backend.put(WEIGHT, weight * (SCALE - canary))).add(other);
    }
    shared.set(syntax.backends(), backends);
    if (mirrored > 0) {
      mirror.ifPresent(backend -> syntax.mirror(shared, backend, mirrored));
    }
    return shared;
  }

  /// Copies of a rule for some requests only, in which no other backend takes part.
  private List<ObjectNode> copies(
      ObjectNode rule, List<RequestMatch> alternatives, int canary, int mirrored) {
    var copies = syntax.narrow(rule.deepCopy(), alternatives);
    for (var copy : copies) {
      copy.remove("name");
      var others = Json.objects(copy, syntax.backends()).stream().filter(b -> !syntax.answers(b));
      var stable = backends(copy).get(firstStable(rule));
      var backends = Json.array();
      if (canary > 0) {
        backends.add(syntax.canaryLike(stable).put(WEIGHT, canary));
      }
      if (canary < 100) {
        backends.add(stable.put(WEIGHT, 100 - canary));
      }
      others.forEach(backends::add);
      copy.set(syntax.backends(), backends);
      if (mirrored > 0) {
        syntax.mirror(copy, syntax.canaryLike(stable), mirrored);
      }
    }
    return copies;
  }

  private void setCookie(ObjectNode rule, String cookie) {
    backends(rule).stream()
        .filter(syntax::isCanary)
        .forEach(backend -> syntax.setCookie(backend, cookie));
  }

  private void unweave(JsonNode item) {
    if (!(item instanceof ObjectNode rule) || firstStable(rule) < 0) {
      return;
    }
    syntax.unmirror(rule);
    if (backends(rule).stream().noneMatch(syntax::isCanary)) {
      return;
    }
    var plain = new ArrayList<ObjectNode>();
    Optional<ObjectNode> stable = Optional.empty();
    for (var backend : Json.objects(rule, syntax.backends())) {
      if (syntax.isCanary(backend)) {
        stable.ifPresent(s -> s.put(WEIGHT, s.path(WEIGHT).asInt() + backend.path(WEIGHT).asInt()));
      } else {
        plain.add(backend);
        stable = syntax.isStable(backend) ? Optional.of(backend) : stable;
      }
    }
    unscale(plain.stream().filter(syntax::answers).toList());
    rule.set(syntax.backends(), Json.array(plain));
  }

  /// Gives back the weights from before. Weights that are no multiples were never ours (a route
  /// that already named both), or were edited; their proportions are right as they are.
  private void unscale(List<ObjectNode> backends) {
    if (backends.stream().allMatch(backend -> backend.path(WEIGHT).asInt() % SCALE == 0)) {
      backends.forEach(backend -> backend.put(WEIGHT, backend.path(WEIGHT).asInt() / SCALE));
    }
    if (backends.size() == 1
        && syntax.unsetWeight() == 0
        && backends.getFirst().path(WEIGHT).asInt() == 1) {
      // A lone backend takes everything; people leave its weight out.
      backends.getFirst().remove(WEIGHT);
    }
  }

  private int weight(ObjectNode backend, ObjectNode rule) {
    if (backend.has(WEIGHT)) {
      return backend.path(WEIGHT).asInt();
    }
    return backends(rule).stream().anyMatch(b -> b.has(WEIGHT)) ? syntax.unsetWeight() : 1;
  }

  private boolean sendsToCanary(ObjectNode rule) {
    return syntax.mirrors(rule)
        || backends(rule).stream()
            .anyMatch(b -> syntax.isCanary(b) && b.path(WEIGHT).asInt(1) != 0);
  }

  private boolean namesCanary(ObjectNode rule) {
    return syntax.mirrors(rule) || backends(rule).stream().anyMatch(syntax::isCanary);
  }

  /// Whether a rule is the user's, with the canary after stable.
  private boolean isWoven(ObjectNode rule) {
    int stable = firstStable(rule);
    return stable >= 0 && firstCanary(rule) > stable;
  }

  /// Whether a rule can be one of the copies.
  private boolean isCopy(JsonNode item) {
    return item instanceof ObjectNode rule && namesCanary(rule) && !isWoven(rule);
  }

  private int firstStable(JsonNode rule) {
    var backends = backends(rule);
    for (int i = 0; i < backends.size(); i++) {
      if (syntax.isStable(backends.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private int firstCanary(JsonNode rule) {
    var backends = backends(rule);
    for (int i = 0; i < backends.size(); i++) {
      if (syntax.isCanary(backends.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /// The backends that answer.
  private List<ObjectNode> backends(JsonNode rule) {
    return Json.objects(rule, syntax.backends()).stream().filter(syntax::answers).toList();
  }

  private static List<ObjectNode> objects(ArrayNode rules) {
    return rules
        .valueStream()
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .toList();
  }

  private static RequestMatch has(Affinity kept, String session) {
    return new RequestMatch(
        List.of(new Condition(Source.COOKIE, kept.cookie(), Comparison.EXACT, session)));
  }

  private static String setCookie(Affinity kept, String session) {
    return "%s=%s; Max-Age=%d; Path=/; HttpOnly"
        .formatted(kept.cookie(), session, kept.maxAge().toSeconds());
  }
}
