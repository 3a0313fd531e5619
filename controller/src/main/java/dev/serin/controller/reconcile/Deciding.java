package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.controller.workload.RolloutRecord;
import dev.serin.controller.workload.Workload;
import dev.serin.mesh.Mesh;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.FrozenPlan;
import dev.serin.rollout.Decision;
import dev.serin.rollout.Rollout;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides about one Canary until nothing follows at once any more. Writes nothing.
final class Deciding {
  /// More moves at once than so many would be a circle.
  private static final int MOST_MOVES = 16;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final Observer observer;
  private final ObjectNode canary;
  private final Mesh mesh;
  private final Workload workload;
  private final Inbox inbox;
  private final Instant now;

  private final List<Course.Decided> decided = new ArrayList<>();
  private Optional<RolloutRecord> record = Optional.empty();
  private Optional<Duration> lookAgain = Optional.empty();
  private CanaryDeclaration declared;
  private Chronicle chronicle;
  private Optional<String> adopted;

  /// @param declared what the present state goes by
  /// @param adopted UID of the adopted target
  Deciding(
      Observer observer,
      ObjectNode canary,
      Mesh mesh,
      Workload workload,
      Inbox inbox,
      CanaryDeclaration declared,
      Chronicle chronicle,
      Optional<String> adopted,
      Instant now) {
    this.observer = observer;
    this.canary = canary;
    this.mesh = mesh;
    this.workload = workload;
    this.inbox = inbox;
    this.declared = declared;
    this.chronicle = chronicle;
    this.adopted = adopted;
    this.now = now;
  }

  Course from(RolloutState initial) {
    var view =
        observer.look(initial, declared, mesh, workload, chronicle, adopted, inbox.command());
    for (int moves = 0; moves < MOST_MOVES; moves++) {
      var state = view.state();
      var decision = Rollout.decide(declared.plan(), state, view.seen(), view.now());
      if (!keepsRecord(state, decision, view)) {
        lookAgain = Optional.of(SOON);
        break;
      }
      note(state, decision, view);
      var moved = !decision.next().equals(state);
      if (moved || decision.answer().isPresent()) {
        declared = observer.declared(decision.next()).orElse(declared);
        view =
            observer.look(
                decision.next(), declared, mesh, workload, chronicle, adopted, Optional.empty());
      }
      if (!moved || !decision.lookAgain().equals(Optional.of(Duration.ZERO))) {
        break;
      }
    }
    if (inbox.refused().isPresent()) {
      chronicle = inbox.rememberRefused(chronicle, now);
    }
    return new Course(initial, decided, record, view, chronicle, adopted, inbox, lookAgain);
  }

  private void note(RolloutState state, Decision decision, View view) {
    var by = inbox.by(decision);
    chronicle = inbox.remember(decision, chronicle.after(state, decision, by, now), now);
    decided.add(new Course.Decided(state, decision, by));
    adopted = adopted(decision.next(), view);
  }

  /// The UID of the target, from the moment that it is adopted on.
  private Optional<String> adopted(RolloutState state, View view) {
    var uid = view.sight().identity().map(Workload.Identity::uid);
    if (state instanceof RolloutState.Initializing at) {
      return at.adopting().isPresent() ? uid : adopted;
    }
    return adopted.or(() -> uid);
  }

  /// Makes the record of a rollout that starts with a decision.
  ///
  /// @return whether there is one where there must be
  private boolean keepsRecord(RolloutState state, Decision decision, View view) {
    var started = started(state, decision.next());
    if (started.isEmpty()) {
      return true;
    }
    var trial = started.get();
    record =
        view.sight()
            .record(
                trial.number(),
                trial.revision(),
                trial.stable(),
                FrozenPlan.freeze(canary, declared));
    return record.isPresent();
  }

  private static Optional<Trial> started(RolloutState state, RolloutState next) {
    var former = Standpoint.of(state).trial().map(Trial::number);
    return Standpoint.of(next)
        .trial()
        .filter(begun -> former.filter(number -> number == begun.number()).isEmpty());
  }
}
