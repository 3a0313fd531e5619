package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Istio's own routing: a VirtualService, with DestinationRules where it is generated. For ambient
/// mode use the Gateway API.
final class Istio extends RouteMesh {
  static final String GROUP = "networking.istio.io";
  static final Kind VIRTUAL_SERVICE =
      new Kind(GROUP, "v1", "VirtualService", "virtualservices", true);
  static final Kind DESTINATION_RULE =
      new Kind(GROUP, "v1", "DestinationRule", "destinationrules", true);

  /// Istio does not say what its proxies follow. It gathers changes for a tenth of a second when it
  /// is quiet, and pushes within a few.
  private static final Duration SETTLE = Duration.ofSeconds(5);

  /// Settings of `spec.service` that go into each rule as they are.
  private static final List<String> VERBATIM = List.of("match", "retries", "headers", "corsPolicy");

  @Override
  public String name() {
    return "istio";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public List<Kind> kinds() {
    return List.of(VIRTUAL_SERVICE, DESTINATION_RULE);
  }

  @Override
  public BuiltInQueries queries(Protocol protocol) {
    return new BuiltInQueries(
        List.of(Dialects.ISTIO, Dialects.ISTIO_CLIENT, Dialects.ISTIO_AMBIENT), Map.of());
  }

  @Override
  List<Kind> routeKinds() {
    return List.of(VIRTUAL_SERVICE);
  }

  @Override
  Kind generatedKind(RouteRequest request) {
    return VIRTUAL_SERVICE;
  }

  @Override
  String installation() {
    return "install Istio, version 1.22 or newer";
  }

  @Override
  String rulesField() {
    return "http";
  }

  @Override
  ObjectNode frame(RouteRequest request) {
    var spec = Json.object();
    if (delegated(request)) {
      return spec.putNull("hosts").putNull("gateways");
    }
    var hosts = new ArrayList<>(request.hosts());
    if (!hosts.contains("*") && !hosts.contains(request.apex())) {
      hosts.add(request.apex());
    }
    spec.set("hosts", Json.strings(hosts));
    spec.set("gateways", Json.strings(gateways(request)));
    return spec;
  }

  @Override
  ArrayNode plainRules(RouteRequest request) {
    var rule = Json.object();
    for (var setting : VERBATIM) {
      if (request.raw().has(setting)) {
        rule.set(setting, request.raw().get(setting).deepCopy());
      }
    }
    if (request.raw().get("rewrite") instanceof ObjectNode rewrite) {
      rule.set("rewrite", rewrite.deepCopy().without("type"));
    }
    request.timeout().ifPresent(timeout -> rule.put("timeout", Spans.words(timeout)));
    rule.putArray("route")
        .addObject()
        .putObject("destination")
        .put("host", request.apex())
        .putObject("port")
        .put("number", request.port());
    return Json.array().add(rule);
  }

  @Override
  Weaving weaving(RouteRequest request) {
    return new RuleWeaving(new IstioSyntax(request));
  }

  @Override
  Acceptance acceptance(RouteRequest request, ObjectNode route) {
    var status = route.path("status");
    for (var message : Json.objects(status, "validationMessages")) {
      if (message.path("level").asText().equals("ERROR")) {
        return new Acceptance.Waiting(
            "Istio says %s %s"
                .formatted(
                    message.path("type").path("code").asText(),
                    message.path("documentationUrl").asText()));
      }
    }
    for (var condition : Json.objects(status, "conditions")) {
      if (condition.path("status").asText().equals("False")) {
        return new Acceptance.Waiting(
            "Istio says %s is False: %s"
                .formatted(condition.path("type").asText(), condition.path("message").asText()));
      }
    }
    return new Acceptance.Taken(Optional.empty(), SETTLE);
  }

  @Override
  List<String> refusals(RouteRequest request, Map<ObjectRef, Read> seen) {
    if (request.routeRef().isPresent()) {
      return List.of();
    }
    var refusals = new ArrayList<String>();
    for (var field : List.of("backendTimeout", "mirror")) {
      if (request.raw().has(field)) {
        refusals.add(
            "spec.service.%s has no place in a generated VirtualService; write one yourself and lend it by spec.service.routeRef"
                .formatted(field));
      }
    }
    if (delegated(request) && !(request.hosts().isEmpty() && ingresses(request).isEmpty())) {
      refusals.add(
          "spec.service.delegation is true beside hosts or gateways; a VirtualService that is delegated to has neither: leave them out");
    }
    return refusals;
  }

  @Override
  boolean callersNeedRoute(ObjectNode route) {
    var spec = route.path("spec");
    return spec.path("hosts").isEmpty()
        || spec.path("gateways").valueStream().anyMatch(name -> !name.asText().equals("mesh"));
  }

  @Override
  List<ObjectRef> companionRefs(RouteRequest request) {
    return List.of(ruleOf(request, request.canaryService()), ruleOf(request, request.apex()));
  }

  /// The canary is treated as stable is: by the policy of `spec.service`, or by the one that the
  /// user gave the Service.
  @Override
  List<Companion> companions(RouteRequest request, Map<ObjectRef, Read> seen) {
    var given = Optional.ofNullable(request.raw().get("trafficPolicy"));
    var policy = given.or(() -> policyOfStable(request, seen));
    var companions = new ArrayList<Companion>();
    companions.add(companion(request, request.canaryService(), policy));
    given.ifPresent(_ -> companions.add(companion(request, request.apex(), policy)));
    return companions;
  }

  private static Optional<JsonNode> policyOfStable(
      RouteRequest request, Map<ObjectRef, Read> seen) {
    return read(ruleOf(request, request.apex()), seen)
        .found()
        .filter(rule -> !ours(request, rule))
        .filter(
            rule ->
                IstioSyntax.isService(
                    rule.path("spec").path("host").asText(), request.apex(), request.namespace()))
        .map(rule -> rule.path("spec").path("trafficPolicy"))
        .filter(JsonNode::isObject);
  }

  private static Companion companion(
      RouteRequest request, String service, Optional<JsonNode> policy) {
    var spec = Json.object().put("host", service);
    spec.set("trafficPolicy", policy.map(JsonNode::<JsonNode>deepCopy).orElseGet(spec::nullNode));
    return new Companion(ruleOf(request, service), spec);
  }

  private static ObjectRef ruleOf(RouteRequest request, String service) {
    return DESTINATION_RULE.named(request.namespace(), service);
  }

  private static boolean delegated(RouteRequest request) {
    return request.raw().path("delegation").asBoolean();
  }

  private static List<String> gateways(RouteRequest request) {
    var named = ingresses(request);
    return named.isEmpty() ? List.of("mesh") : named;
  }

  private static List<String> ingresses(RouteRequest request) {
    return request.gateways().stream()
        .filter(ref -> ref.group().equals(GROUP))
        .map(ref -> ref.namespace().isEmpty() ? ref.name() : ref.namespace() + "/" + ref.name())
        .toList();
  }
}
