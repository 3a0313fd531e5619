package dev.serin.sandbox.api;

import java.util.List;

/// Who asks: what authentication found out about the sender of a request.
///
/// @param name user name, e.g. `system:serviceaccount:serin:serin`
/// @param groups groups of the user, without duplicates
public record Caller(String name, List<String> groups) {

  /// Members of this group may do everything.
  public static final String MASTERS = "system:masters";

  public Caller {
    groups = List.copyOf(groups);
  }

  /// The administrator of the sandbox.
  public static Caller admin() {
    return new Caller("admin", List.of(MASTERS, "system:authenticated"));
  }

  /// A part of the control plane, e.g. `deployment-controller`.
  public static Caller system(String component) {
    return new Caller("system:controller:" + component, List.of(MASTERS, "system:authenticated"));
  }

  /// A person or tool with no rights but those that roles give.
  public static Caller user(String name, String... groups) {
    var all = new java.util.ArrayList<String>(List.of(groups));
    all.add("system:authenticated");
    return new Caller(name, all);
  }

  public static Caller serviceAccount(String namespace, String name) {
    return new Caller(
        "system:serviceaccount:" + namespace + ":" + name,
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated"));
  }

  static Caller anonymous() {
    return new Caller("system:anonymous", List.of("system:unauthenticated"));
  }

  boolean isMaster() {
    return groups.contains(MASTERS);
  }
}
