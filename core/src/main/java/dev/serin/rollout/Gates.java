package dev.serin.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether gates let a rollout pass.
final class Gates {
  private Gates() {}

  /// What several gates say together.
  sealed interface Verdict {

    record Open() implements Verdict {}

    /// @param reason names the closed gates
    /// @param again when time alone could change it
    record Closed(String reason, Duration again) implements Verdict {}

    /// A gate stayed closed for too long, and that means no.
    record Refused(String reason) implements Verdict {}

    /// A system said no where its no is a failed check.
    record CheckFailed(String gate, String reason) implements Verdict {}
  }

  /// What the gates say together: a no of one counts even while others are still waited for.
  ///
  /// @param step index of the step that they stand before; empty for gates before no step
  /// @param asked when they were first asked
  /// @param checksDue from when on a no of a [GateSpec.Kind#CHECK] counts
  static Verdict ask(
      List<GateSpec> gates,
      List<Trial.Approval> approvals,
      Optional<Integer> step,
      Instant asked,
      Instant checksDue,
      Look look) {
    var reasons = new ArrayList<String>();
    var again = look.plan().interval();
    Optional<Verdict> failed = Optional.empty();
    for (var gate : gates) {
      switch (one(gate, approvals, step, asked, checksDue, look)) {
        case Verdict.Open _ -> {}
        case Verdict.Closed(var reason, var soon) -> {
          reasons.add(reason);
          again = soon.compareTo(again) < 0 ? soon : again;
        }
        case Verdict.Refused refused -> {
          return refused;
        }
        case Verdict.CheckFailed no -> failed = failed.or(() -> Optional.of(no));
      }
    }
    if (failed.isPresent()) {
      return failed.get();
    }
    return reasons.isEmpty()
        ? new Verdict.Open()
        : new Verdict.Closed(String.join("; ", reasons), again);
  }

  private static Verdict one(
      GateSpec gate,
      List<Trial.Approval> approvals,
      Optional<Integer> step,
      Instant asked,
      Instant checksDue,
      Look look) {
    return switch (gate.kind()) {
      case APPROVAL -> {
        int given = approvedBy(gate, step, approvals).size();
        yield given >= gate.approvals()
            ? new Verdict.Open()
            : closed(
                gate,
                "approval " + gate.name() + " (" + given + " of " + gate.approvals() + ")",
                asked,
                look);
      }
      case WEBHOOK, CHECK ->
          switch (look.seen().gates().get(gate.name())) {
            case Seen.GateAnswer.Open _ -> new Verdict.Open();
            case Seen.GateAnswer.Closed(var reason, var at)
                when gate.kind() == GateSpec.Kind.CHECK && !at.isBefore(checksDue) ->
                new Verdict.CheckFailed(gate.name(), reason);
            case Seen.GateAnswer.Closed(var reason, _) ->
                closed(gate, "gate " + gate.name() + ": " + reason, asked, look);
            case Seen.GateAnswer.Silent(var reason) ->
                closed(gate, "an answer of gate " + gate.name() + ": " + reason, asked, look);
            case null -> closed(gate, "an answer of gate " + gate.name(), asked, look);
          };
    };
  }

  /// The different people who approved a gate.
  ///
  /// @param step index of the step that it stands before; other approvals of it are about others
  static List<String> approvedBy(
      GateSpec gate, Optional<Integer> step, List<Trial.Approval> approvals) {
    return approvals.stream()
        .filter(approval -> approval.gate().equals(gate.name()))
        .filter(approval -> gate.at() != GateSpec.Point.STEP || approval.step().equals(step))
        .map(Trial.Approval::by)
        .distinct()
        .toList();
  }

  private static Verdict closed(GateSpec gate, String reason, Instant asked, Look look) {
    var timeout = timeout(gate, look.plan());
    if (timeout.isEmpty() || look.frozen()) {
      return new Verdict.Closed(reason, look.plan().interval());
    }
    if (!look.passed(asked, timeout.get())) {
      var left = look.left(asked, timeout.get());
      var interval = look.plan().interval();
      return new Verdict.Closed(reason, left.compareTo(interval) < 0 ? left : interval);
    }
    return switch (gate.onTimeout()) {
      case PASS -> new Verdict.Open();
      case ROLLBACK -> new Verdict.Refused("waited " + Words.of(timeout.get()) + " for " + reason);
    };
  }

  private static Optional<Duration> timeout(GateSpec gate, Plan plan) {
    return switch (gate.kind()) {
      case APPROVAL, WEBHOOK -> gate.timeout();
      case CHECK -> gate.timeout().or(() -> Optional.of(plan.maxDuration()));
    };
  }
}
