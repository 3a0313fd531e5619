package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CanaryDeclaration.Exposure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The two Services of a Canary: the one that callers dial, made only where it is missing, and the
/// one that selects canary pods, which is there as long as the target is adopted, so that no route
/// ever names a missing Service.
final class Services {
  private Services() {}

  /// Whether a Service was made for this Canary.
  static boolean isOurs(JsonNode service, String canary, String role) {
    return Fields.label(service, Marks.CANARY).equals(Marks.label(canary))
        && Fields.label(service, Marks.ROLE).equals(role);
  }

  /// The changes after which both Services are there and right.
  ///
  /// @param target the user's workload
  /// @param selector of canary pods
  static List<Change> wanted(
      CanaryDeclaration declared,
      JsonNode target,
      Map<String, String> selector,
      Read apex,
      Read canary) {
    var changes = new ArrayList<Change>();
    apex(declared, target, apex).ifPresent(changes::add);
    canary(declared, target, selector, apex, canary).ifPresent(changes::add);
    return changes;
  }

  private static Optional<Change> apex(CanaryDeclaration declared, JsonNode target, Read apex) {
    var there = apex.found();
    if (there.isPresent() && !isOurs(there.get(), declared.name(), Marks.ROLE_STABLE)) {
      return Optional.empty();
    }
    var exposure = declared.exposure();
    var wanted = service(declared, exposure.apex(), Marks.ROLE_STABLE, exposure.apexMetadata());
    var spec = wanted.putObject("spec");
    spec.set("selector", labels(Fields.texts(target, "spec", "selector", "matchLabels")));
    spec.set("ports", declaredPorts(exposure, target));
    return write(apex, wanted);
  }

  private static Optional<Change> canary(
      CanaryDeclaration declared,
      JsonNode target,
      Map<String, String> selector,
      Read apex,
      Read canary) {
    var there = canary.found();
    if (there.isPresent() && !isOurs(there.get(), declared.name(), Marks.ROLE_CANARY)) {
      return Optional.empty();
    }
    var exposure = declared.exposure();
    var wanted = service(declared, exposure.canary(), Marks.ROLE_CANARY, exposure.canaryMetadata());
    ((ObjectNode) wanted.get("metadata")).putArray("ownerReferences").add(declared.route().owner());
    var spec = wanted.putObject("spec");
    var users = apex.found().filter(found -> !isOurs(found, declared.name(), Marks.ROLE_STABLE));
    if (users.isPresent() && Fields.text(users.get(), "spec", "clusterIP").equals("None")) {
      spec.put("clusterIP", "None");
    }
    spec.set("selector", labels(selector));
    spec.set("ports", users.isPresent() ? ports(users.get()) : declaredPorts(exposure, target));
    return write(canary, wanted);
  }

  private static ObjectNode service(
      CanaryDeclaration declared,
      String name,
      String role,
      Map<String, Map<String, String>> metadata) {
    var service = Fields.bare(Kind.SERVICE.named(declared.namespace(), name));
    var fields = (ObjectNode) service.get("metadata");
    var labels = fields.putObject("labels");
    metadata.getOrDefault("labels", Map.of()).forEach(labels::put);
    labels
        .put(Marks.MANAGED_BY, Marks.MANAGER)
        .put(Marks.CANARY, Marks.label(declared.name()))
        .put(Marks.ROLE, role);
    var annotations = metadata.getOrDefault("annotations", Map.of());
    if (!annotations.isEmpty()) {
      fields.set("annotations", labels(annotations));
    }
    return service;
  }

  private static Optional<Change> write(Read there, ObjectNode wanted) {
    var ref = Kind.SERVICE.named(Fields.namespace(wanted), Fields.name(wanted));
    return switch (there) {
      case Read.Absent _ -> Optional.of(new Change.Create(ref, wanted));
      case Read.Found(var object) -> {
        // A Service cannot become headless or cease to be.
        ((ObjectNode) wanted.get("spec")).remove("clusterIP");
        yield Managed.repair(ref, object, wanted);
      }
      case Read.NotServed _, Read.Unknown _ -> Optional.empty();
    };
  }

  /// The ports of the Service that callers dial, for the canary's.
  private static ArrayNode ports(JsonNode apex) {
    var ports = JsonNodeFactory.instance.arrayNode();
    for (var port : Fields.list(apex, "spec", "ports")) {
      ObjectNode copy = port.deepCopy();
      copy.remove("nodePort");
      ports.add(copy);
    }
    return ports;
  }

  private static ArrayNode declaredPorts(Exposure exposure, JsonNode target) {
    var ports = JsonNodeFactory.instance.arrayNode();
    var port = ports.addObject().put("name", exposure.portName()).put("protocol", "TCP");
    port.put("port", exposure.port());
    if (exposure.targetPortName().isEmpty()) {
      port.put("targetPort", exposure.targetPort());
    } else {
      port.put("targetPort", exposure.targetPortName());
    }
    exposure.appProtocol().ifPresent(protocol -> port.put("appProtocol", protocol));
    if (exposure.portDiscovery()) {
      discover(exposure, target, ports);
    }
    return ports;
  }

  /// Adds the other ports that containers name.
  private static void discover(Exposure exposure, JsonNode target, ArrayNode ports) {
    for (var container : Fields.list(target, "spec", "template", "spec", "containers")) {
      for (var port : Fields.list(container, "ports")) {
        var number = (int) Fields.number(port, "containerPort");
        var name = Fields.text(port, "name");
        var protocol = Fields.text(port, "protocol");
        var taken =
            number == exposure.targetPort()
                || number == exposure.port()
                || name.equals(exposure.portName())
                || (!name.isEmpty() && name.equals(exposure.targetPortName()));
        if (!taken) {
          ports
              .addObject()
              .put("name", name.isEmpty() ? "tcp-" + number : name)
              .put("protocol", protocol.isEmpty() ? "TCP" : protocol)
              .put("port", number)
              .put("targetPort", number);
        }
      }
    }
  }

  private static ObjectNode labels(Map<String, String> texts) {
    var object = JsonNodeFactory.instance.objectNode();
    texts.forEach(object::put);
    return object;
  }
}
