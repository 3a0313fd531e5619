package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;

/// Authorises by the roles and bindings that are stored in the cluster. Members of [Caller#MASTERS]
/// may do everything.
final class RbacAuthorizer implements Authorizer {

  private final ApiStore store;

  RbacAuthorizer(ApiStore store) {
    this.store = store;
  }

  @Override
  public boolean allows(Attributes attributes) {
    if (attributes.caller().isMaster()) {
      return true;
    }
    for (JsonNode binding : store.objects(Kinds.CLUSTER_ROLE_BINDING)) {
      if (binds(binding, attributes.caller()) && grants(binding, "", attributes)) {
        return true;
      }
    }
    if (attributes.namespace().isEmpty()) {
      return false;
    }
    for (JsonNode binding : store.objects(Kinds.ROLE_BINDING)) {
      if (Meta.namespace(binding).equals(attributes.namespace())
          && binds(binding, attributes.caller())
          && grants(binding, attributes.namespace(), attributes)) {
        return true;
      }
    }
    return false;
  }

  private static boolean binds(JsonNode binding, Caller caller) {
    for (JsonNode subject : binding.path("subjects")) {
      var name = Json.text(subject, "name");
      boolean found =
          switch (Json.text(subject, "kind")) {
            case "User" -> caller.name().equals(name);
            case "Group" -> caller.groups().contains(name);
            case "ServiceAccount" -> {
              var namespace = Json.text(subject, "namespace");
              yield caller
                  .name()
                  .equals(
                      "system:serviceaccount:"
                          + (namespace.isEmpty() ? Meta.namespace(binding) : namespace)
                          + ":"
                          + name);
            }
            default -> false;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }

  private boolean grants(JsonNode binding, String namespace, Attributes attributes) {
    var reference = binding.path("roleRef");
    var role =
        Json.text(reference, "kind").equals("ClusterRole")
            ? store.find(Kinds.CLUSTER_ROLE, "", Json.text(reference, "name"))
            : store.find(Kinds.ROLE, namespace, Json.text(reference, "name"));
    if (role == null) {
      return false;
    }
    for (JsonNode rule : role.path("rules")) {
      if (allows(rule, attributes)) {
        return true;
      }
    }
    return false;
  }

  private static boolean allows(JsonNode rule, Attributes attributes) {
    var resource =
        attributes.subresource().isEmpty()
            ? attributes.resource()
            : attributes.resource() + "/" + attributes.subresource();
    return contains(rule.path("verbs"), attributes.verb())
        && contains(rule.path("apiGroups"), attributes.group())
        && (contains(rule.path("resources"), resource)
            || (!attributes.subresource().isEmpty()
                && contains(rule.path("resources"), "*/" + attributes.subresource())))
        && (rule.path("resourceNames").isEmpty()
            || containsExactly(rule.path("resourceNames"), attributes.name()));
  }

  private static boolean contains(JsonNode list, String value) {
    return containsExactly(list, "*") || containsExactly(list, value);
  }

  private static boolean containsExactly(JsonNode list, String value) {
    for (JsonNode item : list) {
      if (item.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }
}
