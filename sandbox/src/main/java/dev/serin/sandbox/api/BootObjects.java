package dev.serin.sandbox.api;

/// What a new cluster holds.
final class BootObjects {

  private BootObjects() {}

  static void createIn(ApiStore store) {
    var admin = store.as(Caller.admin());
    for (String name : new String[] {"default", "kube-system", "kube-public"}) {
      var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", name);
      admin.create(namespace);
    }
  }
}
