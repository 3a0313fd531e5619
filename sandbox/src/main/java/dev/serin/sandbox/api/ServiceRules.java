package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.HashSet;
import java.util.List;

/// Rules of Services; gives them addresses out of 10.96.0.0/16.
final class ServiceRules implements KindRules {

  private static final int ADDRESSES = 1 << 16;
  private static final int MAX_PORT = 65_535;

  @Override
  public boolean generations() {
    return false;
  }

  @Override
  public void defaults(ObjectNode object) {
    var spec = Json.child(object, "spec");
    PodTemplates.preset(spec, "sessionAffinity", "None");
    PodTemplates.preset(spec, "type", "ClusterIP");
    var type = Json.text(spec, "type");
    if (!type.equals("ExternalName")) {
      PodTemplates.preset(spec, "internalTrafficPolicy", "Cluster");
    }
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      PodTemplates.preset(spec, "externalTrafficPolicy", "Cluster");
    }
    PodTemplates.each(
        spec.path("ports"),
        port -> {
          PodTemplates.preset(port, "protocol", "TCP");
          if (!port.has("targetPort")) {
            port.set("targetPort", port.path("port"));
          }
        });
  }

  @Override
  public void creating(ObjectNode object, ApiStore store) {
    allocate(Json.child(object, "spec"), store);
  }

  @Override
  public void updating(ObjectNode object, ObjectNode old, ApiStore store) {
    var spec = Json.child(object, "spec");
    if (Json.text(spec, "clusterIP").isEmpty() && !isExternal(spec)) {
      for (String field :
          new String[] {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
        if (old.path("spec").has(field)) {
          spec.set(field, old.path("spec").get(field));
        }
      }
      allocate(spec, store);
    }
  }

  private static void allocate(ObjectNode spec, ApiStore store) {
    if (isExternal(spec)) {
      return;
    }
    if (Json.text(spec, "clusterIP").isEmpty()) {
      spec.put("clusterIP", freeAddress(store));
    }
    if (!spec.has("clusterIPs")) {
      spec.putArray("clusterIPs").add(spec.get("clusterIP"));
    }
    if (!spec.has("ipFamilies")) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    PodTemplates.preset(spec, "ipFamilyPolicy", "SingleStack");
  }

  private static String freeAddress(ApiStore store) {
    var used = new HashSet<String>();
    for (JsonNode service : store.objects(Kind.SERVICE)) {
      used.add(Json.text(service, "spec", "clusterIP"));
    }
    for (int i = 10; i < ADDRESSES; i++) {
      var address = "10.96." + (i >> 8) + "." + (i & 0xff);
      if (!used.contains(address)) {
        return address;
      }
    }
    throw new IllegalStateException("all addresses of 10.96.0.0/16 are in use");
  }

  private static boolean isExternal(JsonNode spec) {
    return Json.text(spec, "type").equals("ExternalName");
  }

  @Override
  public void validate(ObjectNode object, List<FieldError> errors) {
    var spec = object.path("spec");
    var ports = spec.path("ports");
    boolean headless = Json.text(spec, "clusterIP").equals("None");
    if (ports.isEmpty() && !headless && !isExternal(spec)) {
      errors.add(FieldError.required("spec.ports", ""));
    }
    var names = new HashSet<String>();
    var seen = new HashSet<String>();
    for (int i = 0; i < ports.size(); i++) {
      var port = ports.get(i);
      var at = "spec.ports[" + i + "]";
      var name = Json.text(port, "name");
      if (name.isEmpty() && ports.size() > 1) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!name.isEmpty() && !Names.isLabel(name)) {
        errors.add(FieldError.invalid(at + ".name", name, Names.LABEL_RULE));
      } else if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", port.path("name")));
      }
      int number = port.path("port").asInt();
      if (number < 1 || number > MAX_PORT) {
        errors.add(
            FieldError.invalid(
                at + ".port", port.path("port"), "must be between 1 and 65535, inclusive"));
      }
      if (!seen.add(port.path("protocol").asText() + number)) {
        errors.add(FieldError.duplicate(at, port));
      }
    }
  }

  @Override
  public void validateUpdate(ObjectNode object, ObjectNode old, List<FieldError> errors) {
    var before = old.path("spec").path("clusterIP");
    var after = object.path("spec").path("clusterIP");
    if (!before.isMissingNode() && !isExternal(object.path("spec")) && !before.equals(after)) {
      errors.add(FieldError.invalid("spec.clusterIPs[0]", after, "may not change once set"));
    }
  }
}
