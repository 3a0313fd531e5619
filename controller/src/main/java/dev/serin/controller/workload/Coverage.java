package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What selects stable pods and would not select the canary's, or the other way round. None of it
/// is a mistake for sure, all of it is worth knowing before traffic flows.
final class Coverage {
  private static final Kind AUTHORIZATION =
      new Kind("security.istio.io", "v1", "AuthorizationPolicy", "authorizationpolicies", true);
  private static final Kind PEERS =
      new Kind("security.istio.io", "v1", "PeerAuthentication", "peerauthentications", true);
  private static final Kind LINKERD =
      new Kind("policy.linkerd.io", "v1beta3", "Server", "servers", true);
  private static final Kind CILIUM =
      new Kind("cilium.io", "v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies", true);

  /// Where each kind of policy says which pods it is about.
  private static final Map<Kind, String> SELECTORS =
      Map.of(
          Kind.NETWORK_POLICY,
          "podSelector",
          AUTHORIZATION,
          "selector",
          PEERS,
          "selector",
          LINKERD,
          "podSelector",
          CILIUM,
          "endpointSelector");

  /// The kinds that are looked at, where they are installed.
  static final List<Kind> KINDS =
      List.of(Kind.NETWORK_POLICY, AUTHORIZATION, PEERS, LINKERD, CILIUM);

  private Coverage() {}

  /// One warning for each.
  ///
  /// @param known names of Services that Serin looks after
  static List<String> warnings(
      ObjectNode target, String canary, Set<String> known, Cluster cluster) {
    var label = SelectorLabel.of(target);
    if (label.isEmpty()) {
      return List.of();
    }
    var namespace = Fields.namespace(target);
    var stable = Fields.texts(target, "spec", "template", "metadata", "labels");
    var copied = CanaryCopy.podLabels(target, label.get(), canary);
    var warnings = new ArrayList<String>();
    for (var service : cluster.list(Kind.SERVICE, namespace, Map.of())) {
      var selector = Fields.texts(service, "spec", "selector");
      if (!known.contains(Fields.name(service))) {
        compare(
            "Service " + Fields.name(service),
            Selectors.selects(selector, stable),
            Selectors.selects(selector, copied),
            warnings);
      }
    }
    for (var kind : KINDS) {
      if (!cluster.serves(kind)) {
        continue;
      }
      for (var policy : cluster.list(kind, namespace, Map.of())) {
        var selector = Fields.at(policy, "spec", SELECTORS.getOrDefault(kind, "selector"));
        compare(
            kind.kind() + " " + Fields.name(policy),
            selects(selector, stable),
            selects(selector, copied),
            warnings);
      }
    }
    return warnings;
  }

  /// A policy without a selector is about all pods, of both versions.
  private static boolean selects(JsonNode selector, Map<String, String> labels) {
    return selector.isMissingNode() || Selectors.selects(selector, labels);
  }

  private static void compare(String what, boolean stable, boolean canary, List<String> warnings) {
    if (stable && !canary) {
      warnings.add(what + " selects the stable pods and not the canary's");
    } else if (canary && !stable) {
      warnings.add(what + " selects the canary's pods and not the stable ones");
    }
  }
}
