package dev.serin.controller.outreach;

import dev.serin.alert.Alert;
import dev.serin.alert.Severity;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.judge.Assessment;
import dev.serin.parse.HookSpec;
import dev.serin.rollout.Announcement.Kind;
import dev.serin.rollout.GateSpec;
import dev.serin.rollout.RolloutState;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What of all that happens is an alert, and how bad it is.
final class Alerts {
  /// The ordinary course of a rollout; `event` hooks hear of it.
  private static final Set<Kind> NO_ALERT =
      EnumSet.of(Kind.StepStarted, Kind.StepPassed, Kind.GatePassed, Kind.Terminating);

  /// A rollout has come to gates.
  private static final Set<Kind> AT_GATES =
      EnumSet.of(Kind.RolloutWaiting, Kind.GateClosed, Kind.PromotionWaiting);

  private Alerts() {}

  /// How bad it is; empty when it is no alert.
  static Optional<Severity> severity(Occasion occasion) {
    var kind = occasion.announcement().kind();
    if (occasion.gate().isPresent()) {
      return isMuted(occasion, occasion.gate().get())
          ? Optional.empty()
          : Optional.of(Severity.WARN);
    }
    if (AT_GATES.contains(kind)) {
      return atGates(occasion);
    }
    if (NO_ALERT.contains(kind)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (kind.weight()) {
          case NORMAL -> Severity.INFO;
          case WARNING -> Severity.WARN;
          case ERROR -> Severity.ERROR;
        });
  }

  private static boolean isMuted(Occasion occasion, String gate) {
    return occasion.declared().hooks().stream()
        .filter(hook -> hook.name().equals(gate))
        .anyMatch(HookSpec::muteAlert);
  }

  /// People have to know that they are waited for. A system answers by itself; only its no is told.
  private static Optional<Severity> atGates(Occasion occasion) {
    var gates = gates(occasion);
    if (gates.isEmpty()) {
      return Optional.of(Severity.INFO);
    }
    return gates.stream().anyMatch(gate -> gate.kind() == GateSpec.Kind.APPROVAL)
        ? Optional.of(Severity.WARN)
        : Optional.empty();
  }

  private static List<GateSpec> gates(Occasion occasion) {
    var plan = occasion.declared().plan();
    if (occasion.after() instanceof RolloutState.Waiting) {
      return plan.gatesAt(GateSpec.Point.ROLLOUT);
    }
    if (occasion.after() instanceof RolloutState.WaitingPromotion) {
      return plan.gatesAt(GateSpec.Point.PROMOTION);
    }
    // The Canary may have been edited since: what it declares now may have fewer steps.
    if (occasion.after() instanceof RolloutState.Progressing at
        && at.step() < plan.steps().size()) {
      var named = plan.steps().get(at.step()).gates();
      return plan.gates().stream()
          .filter(
              gate ->
                  gate.at() == GateSpec.Point.FIRST_TRAFFIC
                      || (gate.at() == GateSpec.Point.STEP && named.contains(gate.name())))
          .toList();
    }
    return List.of();
  }

  static Alert alert(Occasion occasion, Severity severity) {
    var declared = occasion.declared();
    return new Alert(
        Ids.of(occasion),
        declared.namespace(),
        declared.name(),
        occasion.after().phase(),
        occasion.revision(),
        occasion.announcement().kind().name(),
        severity,
        occasion.announcement().text(),
        occasion.announcement().because().stream().map(Alerts::finding).toList(),
        fields(occasion),
        occasion.at());
  }

  private static Alert.Finding finding(Assessment said) {
    return new Alert.Finding(
        said.check(),
        said.verdict().name(),
        said.reason(),
        said.value(),
        said.limit(),
        said.query(),
        said.evidence());
  }

  private static Map<String, String> fields(Occasion occasion) {
    var target = occasion.declared().target();
    var progress = occasion.progress();
    var fields = new LinkedHashMap<String, String>();
    fields.put("Target", target.kind() + "/" + target.name());
    if (!progress.stableRevision().isEmpty()) {
      fields.put("Stable revision", progress.stableRevision());
    }
    if (progress.step() > 0) {
      fields.put("Step", progress.step() + " of " + progress.steps());
      fields.put("Canary weight", progress.canaryWeight() + " %");
    }
    if (progress.failedChecks() > 0) {
      fields.put(
          "Failed checks",
          progress.failedChecks() + " of " + occasion.declared().plan().threshold());
    }
    occasion.outcome().ifPresent(outcome -> fields.put("Outcome", outcome.kind().name()));
    occasion.by().ifPresent(by -> fields.put("By", by));
    return fields;
  }
}
