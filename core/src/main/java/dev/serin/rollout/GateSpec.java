package dev.serin.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A point of a rollout that somebody has to let pass: a person (approval) or a system (webhook).
///
/// @param name unique within the plan
/// @param at where it stands
/// @param kind who is asked
/// @param approvals how many different people have to approve; 1 for webhooks
/// @param approvers who may approve; empty for everybody whom the API server lets
/// @param timeout how long it may stay closed, from when it was first asked; empty for ever
/// @param onTimeout what a gate that stayed closed means
public record GateSpec(
    String name,
    Point at,
    Kind kind,
    int approvals,
    List<String> approvers,
    Optional<Duration> timeout,
    OnTimeout onTimeout) {

  /// The gate before the promotion of a revision whose analysis ended undecided, when people have
  /// to decide.
  public static final GateSpec UNDECIDED =
      new GateSpec(
          "inconclusive",
          Point.PROMOTION,
          Kind.APPROVAL,
          1,
          List.of(),
          Optional.empty(),
          OnTimeout.ROLLBACK);

  public GateSpec {
    approvers = List.copyOf(approvers);
  }

  /// Where a gate stands.
  public enum Point {
    /// Before anything of a new revision is started (`confirm-rollout`).
    ROLLOUT,
    /// After the canary is ready, before its first traffic (`pre-rollout`).
    FIRST_TRAFFIC,
    /// Before the traffic of each step that names it (`confirm-traffic-increase`, approvals).
    STEP,
    /// After the last step, before the target is released (`confirm-promotion`).
    PROMOTION,
    /// Asked while the revision is tried, also before its first traffic; open means: roll back
    /// (`rollback`).
    ROLLBACK
  }

  /// Who is asked.
  public enum Kind {
    /// People, who answer by commands.
    APPROVAL,
    /// A system that says yes or no; no is just "not yet".
    WEBHOOK,
    /// A system whose no is a failed check (`pre-rollout`). It is waited for no longer than an
    /// analysis may take: nobody is behind it who could be slow to decide.
    CHECK
  }

  /// What happens when a gate stays closed for too long.
  public enum OnTimeout {
    ROLLBACK,
    PASS
  }
}
