package dev.serin.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Names;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.GatewayRef;
import dev.serin.mesh.RouteRequest.Protocol;
import dev.serin.mesh.RouteRequest.RouteRef;
import dev.serin.parse.CanaryDeclaration.Exposure;
import dev.serin.resource.CanarySpec;
import dev.serin.resource.CanarySpec.WorkloadRef;
import dev.serin.resource.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `spec.service`: the two Services, and what a mesh has to know to route between them.
final class ServiceParser {

  private static final String GATEWAY_API = "gateway.networking.k8s.io";
  private static final String ISTIO = "networking.istio.io";

  private ServiceParser() {}

  /// What was found.
  record Services(Exposure exposure, RouteRequest route) {}

  static Services parse(
      ObjectNode canary,
      String namespace,
      CanaryDeclaration.Target target,
      CanarySpec spec,
      Place specAt) {
    var at = specAt.at("service");
    if (spec.service() == null) {
      at.missing("declare at least its port");
    }
    var service = Objects.requireNonNullElse(spec.service(), Nothing.SERVICE);
    var exposure = exposure(service, target, spec.service() == null, at);
    refuseParentsOfDelegate(service, at.at("delegation"));
    var raw =
        canary.path("spec").path("service") instanceof ObjectNode written
            ? written
            : JsonNodeFactory.instance.objectNode();
    var route =
        new RouteRequest(
            canary.path("metadata").path("name").asText(""),
            namespace,
            owner(canary),
            exposure.apex(),
            exposure.canary(),
            exposure.port(),
            exposure.portName(),
            protocol(exposure),
            CanaryParser.all(service.hosts()),
            gateways(service, at),
            routeRef(service.routeRef(), spec.ingressRef(), specAt),
            at.at("timeout").duration(service.timeout(), Duration.ofMillis(1)),
            exposure.apexMetadata(),
            raw,
            "");
    return new Services(exposure, route);
  }

  private static Exposure exposure(
      ServiceSpec service, CanaryDeclaration.Target target, boolean missing, Place at) {
    if (service.port() == null && !missing) {
      at.at("port").missing("name the port that callers dial");
    }
    int port = at.at("port").whole(service.port(), 80, 1, 65535);
    var apex =
        service.name() == null || service.name().isEmpty()
            ? target.name()
            : at.at("name").objectName(service.name(), "name the Service");
    var targetPort = service.targetPort();
    return new Exposure(
        apex,
        Names.canary(apex),
        port,
        Objects.requireNonNullElse(service.portName(), "http"),
        targetPortNumber(targetPort, port, at.at("targetPort")),
        targetPort != null && targetPort.isTextual() ? targetPort.textValue() : "",
        Optional.ofNullable(service.appProtocol()).filter(protocol -> !protocol.isEmpty()),
        CanaryParser.isTrue(service.portDiscovery(), false),
        metadata(service.apex()),
        metadata(service.canary()));
  }

  private static int targetPortNumber(@Nullable JsonNode given, int port, Place at) {
    if (given == null) {
      return port;
    }
    if (given.isTextual() && !given.textValue().isEmpty()) {
      return 0;
    }
    if (given.isIntegralNumber() && given.canConvertToInt()) {
      int number = given.intValue();
      return number == 0 ? port : at.whole(number, port, 1, 65535);
    }
    at.wrong(given, "is not a port", "use the number or the name of a container's port");
    return port;
  }

  private static Map<String, Map<String, String>> metadata(
      ServiceSpec.@Nullable Metadata metadata) {
    return metadata == null
        ? Map.of("labels", Map.of(), "annotations", Map.of())
        : Map.of(
            "labels", CanaryParser.all(metadata.labels()),
            "annotations", CanaryParser.all(metadata.annotations()));
  }

  private static void refuseParentsOfDelegate(ServiceSpec service, Place at) {
    var parents =
        !CanaryParser.all(service.hosts()).isEmpty()
            || !CanaryParser.all(service.gateways()).isEmpty()
            || !CanaryParser.all(service.gatewayRefs()).isEmpty();
    if (CanaryParser.isTrue(service.delegation(), false) && parents) {
      at.wrong(
          "true",
          "cannot go with hosts, gateways or gatewayRefs",
          "the route that delegates has them");
    }
  }

  private static ObjectNode owner(ObjectNode canary) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", Kind.CANARY.apiVersion())
        .put("kind", Kind.CANARY.kind())
        .put("name", canary.path("metadata").path("name").asText(""))
        .put("uid", canary.path("metadata").path("uid").asText(""))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }

  private static Protocol protocol(Exposure exposure) {
    var words = exposure.appProtocol().orElse(exposure.portName()).toLowerCase(Locale.ROOT);
    return words.contains("grpc") ? Protocol.GRPC : Protocol.HTTP;
  }

  private static List<GatewayRef> gateways(ServiceSpec service, Place at) {
    var gateways = new ArrayList<GatewayRef>();
    for (var name : CanaryParser.all(service.gateways())) {
      var slash = name.indexOf('/');
      var namespace = slash < 0 ? "" : name.substring(0, slash);
      gateways.add(new GatewayRef(ISTIO, "Gateway", namespace, name.substring(slash + 1), "", 0));
    }
    var given = CanaryParser.all(service.gatewayRefs());
    for (int i = 0; i < given.size(); i++) {
      gateways.add(gateway(given.get(i), at.at("gatewayRefs").at(i)));
    }
    return gateways;
  }

  private static GatewayRef gateway(ServiceSpec.GatewayRef given, Place at) {
    var kind = Objects.requireNonNullElse(given.kind(), "Gateway");
    return new GatewayRef(
        group(given.group(), kind),
        kind,
        Objects.requireNonNullElse(given.namespace(), ""),
        at.at("name").objectName(given.name(), "name the " + kind),
        Objects.requireNonNullElse(given.sectionName(), ""),
        at.at("port").whole(given.port(), 0, 1, 65535));
  }

  private static String group(@Nullable String given, String kind) {
    if (given == null) {
      return kind.equals("Service") ? "" : GATEWAY_API;
    }
    return given.equals("core") ? "" : given;
  }

  private static Optional<RouteRef> routeRef(
      ServiceSpec.@Nullable RouteRef given, @Nullable WorkloadRef ingress, Place specAt) {
    var at = specAt.at("service").at("routeRef");
    if (given != null && ingress != null) {
      at.wrong("", "is given beside spec.ingressRef", "name one route only");
    }
    if (given != null) {
      return Optional.of(
          new RouteRef(
              at.at("kind").required(given.kind(), "say its kind, such as HTTPRoute"),
              at.at("name").objectName(given.name(), "name the route")));
    }
    return Optional.ofNullable(ingress)
        .map(
            ref ->
                new RouteRef(
                    Objects.requireNonNullElse(ref.kind(), "Ingress"),
                    specAt.at("ingressRef").at("name").objectName(ref.name(), "name the Ingress")));
  }
}
