package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.controller.workload.RolloutRecord;
import dev.serin.controller.workload.Subject;
import dev.serin.controller.workload.Workload;
import dev.serin.mesh.Mesh;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.FrozenPlan;
import dev.serin.parse.Parsed;
import dev.serin.parse.RolloutWindow;
import dev.serin.rollout.Command;
import dev.serin.rollout.Rollout;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Trial;
import dev.serin.rollout.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Looks at the world from one state, as often as the state changes within one reconcile.
final class Observer {
  private final Parts parts;
  private final ObjectNode canary;
  private final Remembered memory;
  private final Slots slots;
  private final Optional<CanaryDeclaration> present;
  private final Map<String, String> tracked;
  private final Instant wall;
  private final Instant steady;

  /// @param present what the Canary declares now; empty when that is not valid
  /// @param tracked checksums of the configuration of the stable revision
  /// @param wall now, by the wall clock
  /// @param steady the same moment by the steady clock
  Observer(
      Parts parts,
      ObjectNode canary,
      Remembered memory,
      Slots slots,
      Optional<CanaryDeclaration> present,
      Map<String, String> tracked,
      Instant wall,
      Instant steady) {
    this.parts = parts;
    this.canary = canary;
    this.memory = memory;
    this.slots = slots;
    this.present = present;
    this.tracked = tracked;
    this.wall = wall;
    this.steady = steady;
  }

  /// What a state goes by: during a rollout what was declared at its start. Empty when nothing
  /// valid is known.
  Optional<CanaryDeclaration> declared(RolloutState state) {
    var namespace = Fields.namespace(canary);
    return Standpoint.of(state)
        .trial()
        .map(trial -> RolloutRecord.ref(namespace, Fields.name(canary), trial.number()))
        .flatMap(ref -> parts.cluster().find(ref).found())
        .flatMap(RolloutRecord::read)
        .flatMap(this::thawed)
        .or(() -> present);
  }

  private Optional<CanaryDeclaration> thawed(RolloutRecord record) {
    return record.spec() instanceof ObjectNode spec
            && memory.frozen.get(
                    canary, spec, () -> FrozenPlan.thaw(spec, canary, parts.settings().parsing()))
                instanceof Parsed.Valid(var frozen)
        ? Optional.of(frozen)
        : Optional.empty();
  }

  /// Looks.
  ///
  /// @param declared what the state goes by
  /// @param adopted UID of the adopted target
  /// @param command that nobody has answered
  View look(
      RolloutState state,
      CanaryDeclaration declared,
      Mesh mesh,
      Workload workload,
      Chronicle chronicle,
      Optional<String> adopted,
      Optional<Command> command) {
    var now = DecisionTime.of(state, memory, wall, steady);
    var stands = Standpoint.of(state);
    var rollout = lastRollout(stands, chronicle);
    var sight =
        workload.look(
            new Subject(
                canary,
                declared,
                parts.settings().hold().get(),
                adopted,
                stands.stable(),
                rollout,
                stands.released(),
                Set.copyOf(chronicle.rejected()),
                chronicle.proven(declared.rollbackWindow()),
                stands.standing(),
                now),
            parts.cluster());
    var route =
        RouteView.look(
            mesh,
            declared.route().during(rollout(stands)),
            parts.cluster(),
            memory,
            stands.awaitsRoute(),
            steady);
    var unable =
        stands.standing() == Subject.Standing.AT_REST
            ? route.unable(declared.plan().steps())
            : List.<String>of();
    var known =
        parts.measurements().known(declared.namespace(), declared.name(), Situation.of(state));
    var target = sight.target(new Wanted.Target.Untouched());
    var tried = ListedCanary.of(sight.canary(), sight.listed(), state, memory, steady);
    var blank =
        new Seen(
            target,
            tried.canary(),
            route.seen(unable),
            known.round(),
            known.evidence(),
            known.proof(),
            known.gates(),
            command,
            suspended(),
            Fields.isDeleting(canary),
            closedUntil(state, declared),
            sight.hold(),
            nextRollout(rollout, stands, chronicle, target),
            exposed(stands, sight));
    var wanted = Rollout.wanted(declared.plan(), state, blank);
    var queued = queued(state, declared, blank, now);
    var rolling =
        TargetView.of(
            sight.target(wanted.target()),
            stands.released().isPresent() || state instanceof RolloutState.PromotionFailed,
            memory,
            steady);
    var seen =
        with(rolling.target(), queued.map(Slots.Turn.Later::words).or(blank::mayNotStart), blank);
    // One awaits its first traffic, the other takes it back: never both.
    var settling = tried.settling().or(rolling::settling);
    return new View(state, now, declared, sight, settling, route, known, seen, wanted, queued);
  }

  private String rollout(Standpoint stands) {
    return stands.trial().map(trial -> Fields.uid(canary) + "/" + trial.number()).orElse("");
  }

  private static Seen with(Seen.Target target, Optional<String> mayNotStart, Seen seen) {
    return new Seen(
        target,
        seen.canary(),
        seen.route(),
        seen.round(),
        seen.evidence(),
        seen.proof(),
        seen.gates(),
        seen.command(),
        seen.suspended(),
        seen.deleting(),
        mayNotStart,
        seen.hold(),
        seen.nextRollout(),
        seen.exposed());
  }

  /// Configuration that stable pods see change under them while a revision waits or is tried, and
  /// go on to see once it is rejected.
  private List<String> exposed(Standpoint stands, Workload.Sight sight) {
    if (stands.revision().isEmpty()) {
      return List.of();
    }
    var current = sight.configs();
    return sight.mountedConfigs().stream()
        .filter(
            config -> {
              var then = tracked.get(config);
              return then != null && !then.equals(current.get(config));
            })
        .toList();
  }

  private int lastRollout(Standpoint stands, Chronicle chronicle) {
    var remembered = Math.max(stands.trial().map(Trial::number).orElse(0), chronicle.lastRollout());
    return remembered > 0 ? remembered : lastRecord();
  }

  /// A record that is there before the state that was to name it could be stored is taken up by the
  /// next try, so that a server that stores no states does not fill with records.
  private int nextRollout(int last, Standpoint stands, Chronicle chronicle, Seen.Target seen) {
    if (last == 0 || stands.trial().isPresent() || chronicle.lastRollout() > 0) {
      return last + 1;
    }
    var ref = RolloutRecord.ref(Fields.namespace(canary), Fields.name(canary), last);
    return parts
        .cluster()
        .find(ref)
        .found()
        .flatMap(RolloutRecord::read)
        .filter(
            record ->
                seen instanceof Seen.Target.Present present
                    && record.revision().equals(present.revision())
                    && stands.stable().filter(record.stable()::equals).isPresent())
        .map(_ -> last)
        .orElse(last + 1);
  }

  /// A history in which only rollouts are left that never started does not know the number.
  private int lastRecord() {
    var ref = Kind.CANARY.named(Fields.namespace(canary), Fields.name(canary));
    return Records.all(parts.cluster(), ref).stream()
        .mapToInt(record -> (int) Fields.number(record, "revision"))
        .max()
        .orElse(0);
  }

  private boolean suspended() {
    return present
        .map(CanaryDeclaration::suspend)
        .orElseGet(() -> Fields.isTrue(canary, "spec", "suspend"));
  }

  private Optional<String> closedUntil(RolloutState state, CanaryDeclaration declared) {
    return state instanceof RolloutState.Waiting
        ? opening(declared).map(opening -> "the rollout window that opens at " + opening)
        : Optional.empty();
  }

  /// Only who could start takes a slot, or a place in the line.
  private Optional<Slots.Turn.Later> queued(
      RolloutState state, CanaryDeclaration declared, Seen seen, Instant now) {
    return state instanceof RolloutState.Waiting waiting
            && Rollout.couldStart(declared.plan(), waiting, seen, now)
            && slots.claim(declared.namespace(), declared.name(), waiting.since(), parts.cluster())
                instanceof Slots.Turn.Later later
        ? Optional.of(later)
        : Optional.empty();
  }

  /// When rollouts may start again; empty when they may.
  Optional<Instant> opening(CanaryDeclaration declared) {
    return RolloutWindow.nextOpening(declared.windows(), wall);
  }
}
