package dev.serin.controller.reconcile;

import dev.serin.resource.CanaryStatus;
import dev.serin.resource.CanaryStatus.GateStatus;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.GateSpec;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Webhooks that keep a rollout waiting: they say no, or nobody answers. That is told once, when
/// the status shows it first, and not at every look.
final class Refusals {
  private Refusals() {}

  /// Gates that keep a rollout waiting in a status and did not in the one before.
  static List<GateStatus> between(CanaryStatus before, CanaryStatus after) {
    var known =
        gates(before).stream()
            .filter(Refusals::isRefusal)
            .map(GateStatus::name)
            .collect(Collectors.toUnmodifiableSet());
    return gates(after).stream()
        .filter(Refusals::isRefusal)
        .filter(gate -> !known.contains(gate.name()))
        .toList();
  }

  private static List<GateStatus> gates(CanaryStatus status) {
    var gates = status.gates();
    return gates == null ? List.of() : gates;
  }

  /// A rollback hook says no as long as all is well, and the no of a check is a failed check.
  private static boolean isRefusal(GateStatus gate) {
    return gate.reason() != null
        && !"Open".equals(gate.state())
        && !is(GateSpec.Kind.APPROVAL, gate.kind())
        && !is(GateSpec.Point.ROLLBACK, gate.before())
        && !(is(GateSpec.Kind.CHECK, gate.kind()) && "Closed".equals(gate.state()));
  }

  private static boolean is(Enum<?> constant, @Nullable String word) {
    return StatusDraft.word(constant).equals(word);
  }

  static Announcement announcement(GateStatus gate) {
    return new Announcement(
        Announcement.Kind.GateClosed,
        "gate %s keeps the rollout waiting: %s"
            .formatted(gate.name(), Objects.requireNonNullElse(gate.reason(), "closed")));
  }
}
