package dev.serin.parse;

import dev.serin.mesh.RouteRequest;
import dev.serin.rollout.Plan;
import dev.serin.rollout.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Canary known to be valid: everything that its user declared, with defaults filled in.
///
/// @param namespace of the Canary and of everything it names without a namespace
/// @param name of the Canary
/// @param target the workload that is released
/// @param provider name of the mesh, as [dev.serin.mesh.Mesh#name] has it
/// @param route what the mesh has to know; its raw part is `spec.service` as written
/// @param exposure the two Services and their ports
/// @param strategy how the plan's steps came about, for words and dashboards only
/// @param plan the steps, gates and limits of a rollout; steps before which traffic has to be
///   confirmed already name those gates
/// @param checks what is measured, in the order to show it; a metric with a threshold and a
///   comparison is two checks
/// @param hooks webhooks of all eight types, in the order of the spec; those that can say no are
///   gates of the plan under the same name, and the rounds of checks ask those of type
///   [HookSpec.Type#ROLLOUT]
/// @param alerts who is told what; empty for the controller's own
/// @param scale how large the canary is unless a step says otherwise; the plan's steps have it
///   already
/// @param autoscaler the autoscaler of the target as named by the user; empty to look for it
/// @param dialect of the built-in queries; empty to find out from the route's status
/// @param metricsServer the Prometheus asked by built-in and inline queries; empty for the
///   controller's own
/// @param rollbackWindow how many former stable revisions may come back without their steps; 0 for
///   none
/// @param windows when rollouts may start; empty for always
/// @param suspend whether everything stands still
/// @param revertOnDeletion whether deletion returns an unproven template to the stable one
/// @param configTracking whether changes of ConfigMaps and Secrets start a rollout
public record CanaryDeclaration(
    String namespace,
    String name,
    Target target,
    String provider,
    RouteRequest route,
    Exposure exposure,
    Strategy strategy,
    Plan plan,
    List<CheckSpec> checks,
    List<HookSpec> hooks,
    List<AlertSpec> alerts,
    Step.Scale scale,
    Optional<Target> autoscaler,
    Optional<String> dialect,
    Optional<MetricsServer> metricsServer,
    int rollbackWindow,
    List<RolloutWindow> windows,
    boolean suspend,
    boolean revertOnDeletion,
    boolean configTracking) {

  public CanaryDeclaration {
    checks = List.copyOf(checks);
    hooks = List.copyOf(hooks);
    alerts = List.copyOf(alerts);
    windows = List.copyOf(windows);
  }

  /// An object in the Canary's namespace that the user named.
  ///
  /// @param apiVersion such as `apps/v1`
  /// @param kind such as `Deployment`
  public record Target(String apiVersion, String kind, String name) {}

  /// The Services through which the versions are reached.
  ///
  /// @param apex name of the Service that callers dial and that selects stable pods
  /// @param canary name of the Service that selects canary pods
  /// @param port of both Services
  /// @param portName of that port
  /// @param targetPort of the pods, when it is a number; 0 when it is a name
  /// @param targetPortName of the pods, when it is a name; else empty
  /// @param appProtocol as the port has it; empty for none
  /// @param portDiscovery whether the other container ports are served as well
  /// @param apexMetadata labels and annotations of the apex, under `labels` and `annotations`
  /// @param canaryMetadata the same of the canary's Service
  public record Exposure(
      String apex,
      String canary,
      int port,
      String portName,
      int targetPort,
      String targetPortName,
      Optional<String> appProtocol,
      boolean portDiscovery,
      Map<String, Map<String, String>> apexMetadata,
      Map<String, Map<String, String>> canaryMetadata) {}

  /// How the steps came about.
  public enum Strategy {
    /// `stepWeight` or `stepWeights`.
    WEIGHTS,
    /// `steps`.
    STEPS,
    /// `iterations`.
    BLUE_GREEN,
    /// `match` and `iterations`.
    AB
  }

  /// The hooks of one type, in the order of the spec.
  public List<HookSpec> hooks(HookSpec.Type type) {
    return hooks.stream().filter(hook -> hook.type() == type).toList();
  }

  /// Whether a rollout by the other declaration would go the same way; if not, an edit waits for
  /// the next rollout.
  public boolean rollsOutLike(CanaryDeclaration other) {
    return plan.equals(other.plan)
        && checks.equals(other.checks)
        && hooks.equals(other.hooks)
        && route.equals(other.route)
        && provider.equals(other.provider)
        && dialect.equals(other.dialect)
        && metricsServer.equals(other.metricsServer);
  }
}
