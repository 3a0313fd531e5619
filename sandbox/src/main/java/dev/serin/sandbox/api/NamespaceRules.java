package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Rules of namespaces: they go when their content is gone.
final class NamespaceRules implements KindRules {

  static final String FINALIZER = "kubernetes";

  @Override
  public boolean generations() {
    return false;
  }

  @Override
  public void defaults(ObjectNode object) {
    var name = Meta.name(object);
    if (!name.isEmpty()) {
      Json.child(Meta.of(object), "labels").put("kubernetes.io/metadata.name", name);
    }
  }

  @Override
  public void creating(ObjectNode object, ApiStore store) {
    Json.child(object, "spec").putArray("finalizers").add(FINALIZER);
    object.putObject("status").put("phase", "Active");
  }

  @Override
  public void updating(ObjectNode object, ObjectNode old, ApiStore store) {
    object.set("spec", old.path("spec"));
  }
}
