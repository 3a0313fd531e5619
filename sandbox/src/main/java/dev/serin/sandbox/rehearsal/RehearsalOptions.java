package dev.serin.sandbox.rehearsal;

import dev.serin.cluster.Cluster;
import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.SandboxOptions;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// What is rehearsed in.
///
/// @param sandbox the cluster
/// @param hold how new revisions are held back
/// @param staleness how far behind the controller's caches are
/// @param limits how many rollouts may run at once
/// @param restart from the end of a crashed process until the next one starts
/// @param around what lies between the controller and the cluster; for tests of trouble
public record RehearsalOptions(
    SandboxOptions sandbox,
    HoldMode hold,
    Duration staleness,
    Limits limits,
    Duration restart,
    UnaryOperator<Cluster> around) {

  /// @param perNamespace rollouts that may run at once in one namespace; 0 for any number
  /// @param total rollouts that may run at once; 0 for any number
  public record Limits(int perNamespace, int total) {}

  /// A cluster in which all goes well.
  public static final RehearsalOptions DEFAULT =
      new RehearsalOptions(
          SandboxOptions.DEFAULT,
          HoldMode.ADMISSION_POLICY,
          Duration.ofMillis(5),
          new Limits(0, 0),
          Duration.ofSeconds(3),
          UnaryOperator.identity());

  public RehearsalOptions sandbox(SandboxOptions sandbox) {
    return new RehearsalOptions(sandbox, hold, staleness, limits, restart, around);
  }

  public RehearsalOptions hold(HoldMode hold) {
    return new RehearsalOptions(sandbox, hold, staleness, limits, restart, around);
  }

  public RehearsalOptions staleness(Duration staleness) {
    return new RehearsalOptions(sandbox, hold, staleness, limits, restart, around);
  }

  public RehearsalOptions limits(Limits limits) {
    return new RehearsalOptions(sandbox, hold, staleness, limits, restart, around);
  }

  public RehearsalOptions around(UnaryOperator<Cluster> around) {
    return new RehearsalOptions(sandbox, hold, staleness, limits, restart, around);
  }
}
