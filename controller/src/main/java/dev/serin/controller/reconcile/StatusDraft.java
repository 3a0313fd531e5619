package dev.serin.controller.reconcile;

import dev.serin.controller.measure.Measurements;
import dev.serin.controller.workload.HoldMode;
import dev.serin.controller.workload.Workload;
import dev.serin.parse.Advice;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.resource.CanaryStatus;
import dev.serin.resource.CanaryStatus.CheckStatus;
import dev.serin.resource.CanaryStatus.Condition;
import dev.serin.resource.CanaryStatus.GateStatus;
import dev.serin.rollout.GateSpec;
import dev.serin.rollout.GateStanding;
import dev.serin.rollout.Rollout;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Seen;
import dev.serin.rollout.TrafficSplit;
import dev.serin.rollout.Trial;
import dev.serin.status.Conditions;
import dev.serin.status.Progress;
import dev.serin.status.StatusCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A Canary's status being put together from what was decided and seen.
///
/// @param before as it is stored
/// @param generation of the Canary that was looked at
/// @param declared what the present rollout goes by
/// @param state that was decided
/// @param split that the state wants; empty when it leaves the data plane alone
/// @param chronicle what is remembered
/// @param sight what was seen of the target
/// @param adopted UID of the adopted target; empty before
/// @param routes what its routes were made by, the present one last
/// @param known what was measured
/// @param hold how templates are held
/// @param waitingFor what the state waits for, in words; empty at rest
/// @param queued its place in the line of those that wait for a slot
/// @param stalled why nothing goes on though it should, by a word for machines; empty when it does
/// @param planChanged why edits of the spec do not count yet; empty when there are none
/// @param exposed configuration that stable pods see change during the rollout, and after its
///   rollback
record StatusDraft(
    CanaryStatus before,
    long generation,
    CanaryDeclaration declared,
    RolloutState state,
    Optional<TrafficSplit> split,
    Chronicle chronicle,
    Workload.Sight sight,
    Optional<String> adopted,
    List<CanaryStatus.RouteStatus> routes,
    Measurements.Known known,
    HoldMode hold,
    String waitingFor,
    Optional<Slots.Turn.Later> queued,
    Optional<Stall> stalled,
    Optional<String> planChanged,
    List<String> exposed) {

  /// @param reason one word in camel case
  /// @param message for people
  record Stall(String reason, String message) {}

  Progress progress() {
    return Progress.of(state, declared.plan(), split);
  }

  CanaryStatus at(Instant now) {
    var progress = progress();
    return new CanaryStatus(
        generation,
        progress.phase(),
        progress.canaryWeight(),
        progress.step(),
        progress.steps(),
        progress.failedChecks(),
        orNull(progress.revision()),
        orNull(progress.stableRevision()),
        progress.startedAt().map(StatusDraft::seconds).orElse(null),
        orNull(waitingFor),
        queue(),
        hold.word(),
        target(),
        orNull(routes),
        configs(),
        orNull(warnings()),
        Conditions.merge(
            before.conditions() == null ? List.of() : before.conditions(),
            conditions(),
            generation,
            now),
        checks(),
        gates(),
        orNull(chronicle.decisions()),
        orNull(chronicle.history()),
        orNull(chronicle.commands()),
        orNull(chronicle.rejected()),
        orNull(chronicle.formerStables()),
        StatusCodec.encode(state));
  }

  private CanaryStatus.@Nullable QueueStatus queue() {
    return queued
        .map(
            later ->
                new CanaryStatus.QueueStatus(
                    seconds(later.since()), later.place(), later.length(), later.limit()))
        .orElse(null);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static <T> @Nullable List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// A generation counts as observed only when everything that its revision is made of could be
  /// read: who waits for it goes by the revision that is told with it.
  private CanaryStatus.@Nullable TargetStatus target() {
    return sight
        .identity()
        .filter(_ -> sight.unknown().isEmpty())
        .map(
            identity ->
                new CanaryStatus.TargetStatus(
                    adopted.orElse(null), identity.generation(), orNull(identity.revision())))
        .orElse(before.target());
  }

  /// The configuration of the stable revision: what there is while nothing else is on trial.
  private @Nullable Map<String, String> configs() {
    var atRest =
        switch (state) {
          case RolloutState.Initialized _, RolloutState.Succeeded _ -> true;
          case RolloutState.Initializing at -> at.adopting().isPresent();
          default -> false;
        };
    var configs = atRest && sight.unknown().isEmpty() ? sight.configs() : before.trackedConfigs();
    return configs == null || configs.isEmpty() ? null : configs;
  }

  private List<Condition> conditions() {
    var conditions =
        new ArrayList<>(
            stalled.isPresent()
                ? Conditions.stalled(stalled.get().reason(), stalled.get().message())
                : Conditions.of(state, chronicle.lastOutcome(), message()));
    planChanged.ifPresent(
        why -> conditions.add(condition("PlanChanged", "True", "EditedDuringRollout", why)));
    conditions.addAll(outlook());
    if (!sight.contested().isEmpty()) {
      conditions.add(
          condition(
              "Contested",
              "True",
              "AutoscalerShrinksStable",
              "somebody takes back that "
                  + sight.contested()
                  + " must not shrink stable during a rollout; Serin leaves it"));
    }
    if (!warnings().isEmpty()) {
      conditions.add(condition("Warnings", "True", "WorthKnowing", String.join("; ", warnings())));
    }
    if (!exposed.isEmpty()) {
      conditions.add(
          condition(
              "ConfigIsolated",
              "False",
              "MountedConfigChanged",
              "stable pods have these mounted and may see their new content already: "
                  + String.join(", ", exposed)
                  + "; comparing with stable proves little, and a rollback does not bring the"
                  + " former content back"));
    }
    return conditions;
  }

  /// What is worth knowing. It is looked for at rest, and stays as it was said while a revision is
  /// tried.
  private List<String> warnings() {
    var ofTheWorld =
        sight.warnings().orElseGet(() -> before.warnings() == null ? List.of() : before.warnings());
    return Stream.concat(ofTheWorld.stream(), Advice.of(declared).stream()).distinct().toList();
  }

  /// What was foretold of the revision on trial, or about to be. It was found out once and is kept
  /// until the rollout is over.
  private List<Condition> outlook() {
    if (!isOnTrial()) {
      return List.of();
    }
    var revision = progress().revision();
    var forecast = known.forecast().filter(told -> told.revision().equals(revision));
    if (forecast.isEmpty()) {
      return revision.equals(before.revision())
          ? Outlooks.in(before.conditions() == null ? List.of() : before.conditions())
          : List.of();
    }
    return Outlooks.of(forecast.get());
  }

  private boolean isOnTrial() {
    return Standpoint.of(state).trial().isPresent()
        || (state instanceof RolloutState.Paused paused ? paused.in() : state)
            instanceof RolloutState.Waiting;
  }

  private static Condition condition(String type, String status, String reason, String message) {
    return new Condition(type, status, reason, message, null, null);
  }

  private String message() {
    var in = state instanceof RolloutState.Paused paused ? paused.in() : state;
    return switch (in) {
      case RolloutState.Failed at -> withWaiting(at.reason());
      case RolloutState.PromotionFailed at -> withWaiting(at.reason());
      case RolloutState.Reverting at -> withWaiting(at.reason());
      case RolloutState.Bypassed at -> withWaiting(at.reason());
      case RolloutState.Initialized at -> withWaiting("revision " + at.stable() + " is stable");
      case RolloutState.Succeeded at -> withWaiting("revision " + at.stable() + " is stable");
      default -> waitingFor.isEmpty() ? state.phase() : "waiting for " + waitingFor;
    };
  }

  private String withWaiting(String text) {
    return waitingFor.isEmpty() ? text : text + "; waiting for " + waitingFor;
  }

  private @Nullable List<CheckStatus> checks() {
    var trial = Standpoint.of(state).trial().map(Trial::number);
    var round = known.round();
    if (round.isPresent() && trial.filter(n -> n == round.get().id().rollout()).isPresent()) {
      var due = round.get().id().due();
      return orNull(round.get().assessments().stream().map(said -> Said.check(said, due)).toList());
    }
    var began =
        trial.isPresent()
            && before.state() != null
            && StatusCodec.decode(before.state()) instanceof StatusCodec.Stored.State(var was)
            && Standpoint.of(was).trial().map(Trial::number).filter(trial.get()::equals).isEmpty();
    return began ? null : before.checks();
  }

  /// The gates of a rollout that is under way or about to start.
  private @Nullable List<GateStatus> gates() {
    return orNull(Rollout.gates(declared.plan(), state).stream().map(this::gate).toList());
  }

  private GateStatus gate(GateStanding standing) {
    var gate = standing.gate();
    var isApproval = gate.kind() == GateSpec.Kind.APPROVAL;
    var answer = known.gates().get(gate.name());
    return new GateStatus(
        gate.name(),
        word(gate.kind()),
        word(gate.at()),
        isApproval ? (standing.lacksApproval() ? "Closed" : "Open") : word(answer),
        reason(answer),
        isApproval ? gate.approvals() : null,
        orNull(standing.approvedBy()),
        standing.asked().map(StatusDraft::seconds).orElse(null));
  }

  private static String word(Seen.@Nullable GateAnswer answer) {
    return switch (answer) {
      case Seen.GateAnswer.Open _ -> "Open";
      case Seen.GateAnswer.Closed _ -> "Closed";
      case Seen.GateAnswer.Silent _ -> "Pending";
      case null -> "Pending";
    };
  }

  private static @Nullable String reason(Seen.@Nullable GateAnswer answer) {
    return switch (answer) {
      case Seen.GateAnswer.Open _ -> null;
      case Seen.GateAnswer.Closed(var reason, _) -> reason;
      case Seen.GateAnswer.Silent(var reason) -> reason;
      case null -> null;
    };
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
