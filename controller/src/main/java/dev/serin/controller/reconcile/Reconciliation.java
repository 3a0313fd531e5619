package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.UnreadableException;
import dev.serin.cluster.Written;
import dev.serin.controller.measure.Assignment;
import dev.serin.controller.workload.BlindRelease;
import dev.serin.controller.workload.Workload;
import dev.serin.mesh.Mesh;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.Parsed;
import dev.serin.resource.CanaryStatus;
import dev.serin.resource.ResourceJson;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.Rollout;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Seen;
import dev.serin.rollout.TrafficSplit;
import dev.serin.rollout.Trial;
import dev.serin.status.StatusCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// One look at one Canary, from reading it to the wanted world.
final class Reconciliation {
  private static final Duration NEXT_COMMAND = Duration.ofMillis(50);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(30);

  /// How long something cannot be read before it is worth telling.
  private static final Duration UNREADABLE = Duration.ofSeconds(10);

  /// How long what cannot be read may keep a Canary that is being deleted.
  private static final Duration LONGEST_STAY = Duration.ofHours(1);

  private final Parts parts;
  private final Remembered memory;
  private final Slots slots;
  private final Instant now;
  private final Instant steady;
  private final ObjectRef ref;
  private final CanaryStatus before;
  private final Parsed parsed;
  private final Observer observer;
  private ObjectNode canary;
  private Optional<Duration> lookAgain = Optional.empty();
  private Commands commands = new Commands(List.of(), List.of());

  Reconciliation(Parts parts, ObjectNode canary, Remembered memory, Slots slots) {
    this.parts = parts;
    this.canary = canary;
    this.memory = memory;
    this.slots = slots;
    this.now = parts.clock().instant();
    this.steady = parts.steady().instant();
    this.ref = Kind.CANARY.named(Fields.namespace(canary), Fields.name(canary));
    this.before =
        ResourceJson.read(Fields.at(canary, "status"), CanaryStatus.class).orElseGet(Blank::status);
    this.parsed =
        memory.present.get(
            canary,
            Fields.at(canary, "spec"),
            () -> CanaryParser.parse(canary, parts.settings().parsing()));
    this.observer = new Observer(parts, canary, memory, slots, present(), tracked(), now, steady);
  }

  private Optional<CanaryDeclaration> present() {
    return parsed instanceof Parsed.Valid(var declared)
        ? Optional.of(declared)
        : Fields.isDeleting(canary)
            ? Salvage.declared(canary, parts.settings().parsing())
            : Optional.empty();
  }

  private Map<String, String> tracked() {
    var configs = before.trackedConfigs();
    return configs == null ? Map.of() : configs;
  }

  Optional<Duration> run() {
    try {
      var next = look();
      memory.unreadableSince = Optional.empty();
      return next;
    } catch (UnreadableException e) {
      return unreadable(Objects.requireNonNullElse(e.getMessage(), "something cannot be read"));
    }
  }

  private Optional<Duration> look() {
    return switch (StatusCodec.decode(Fields.at(canary, "status", "state"))) {
      case StatusCodec.Stored.State(var state) -> from(state);
      case StatusCodec.Stored.Nothing _ -> from(Rollout.beginning(now));
      case StatusCodec.Stored.Unreadable _ when Fields.isDeleting(canary) -> leaveBlindly();
      case StatusCodec.Stored.Unreadable(var reason) ->
          undriven(
              "StateUnreadable",
              reason + "; correct or remove status.state, nothing is touched until then");
    };
  }

  /// Nothing is concluded from what is not known, and nothing is changed. What comes back at once
  /// was hardly away.
  private Optional<Duration> unreadable(String reason) {
    slots.passOver(ref.namespace(), ref.name());
    var since = memory.unreadableSince.orElse(steady);
    memory.unreadableSince = Optional.of(since);
    if (isKeptTooLong()) {
      StatusWriter.warn(memory, ref, "let go although it cannot be read what is left: " + reason);
      return go();
    }
    var patience = Duration.between(steady, since.plus(UNREADABLE));
    if (patience.isPositive()) {
      return Optional.of(patience);
    }
    return Earliest.of(Optional.of(LATER), stall("Unreadable", reason));
  }

  private boolean isKeptTooLong() {
    return Fields.instant(canary, "metadata", "deletionTimestamp")
        .filter(since -> now.isAfter(since.plus(LONGEST_STAY)))
        .isPresent();
  }

  private Optional<Duration> from(RolloutState state) {
    var declared = observer.declared(state);
    if (declared.isEmpty()) {
      return Fields.isDeleting(canary)
          ? leaveBlindly()
          : undriven("Invalid", ((Parsed.Invalid) parsed).inWords());
    }
    var mesh = parts.mesh(declared.get());
    var workload = parts.workload(declared.get().target());
    if (mesh.isEmpty() || workload.isEmpty()) {
      return undriven(
          "NotSupported",
          "spec.targetRef.kind is '"
              + declared.get().target().kind()
              + "', spec.provider is '"
              + declared.get().provider()
              + "'; this controller knows providers "
              + parts.meshes().keySet().stream().sorted().toList());
    }
    if (!Fields.isDeleting(canary) && !Finalizers.has(canary)) {
      switch (parts.cluster().write(Finalizers.add(ref, canary))) {
        case Written.Done(var stored) -> canary = stored;
        case Written.Refused(var reason) -> {
          return refused(reason);
        }
        case Written.Conflict _, Written.Gone _, Written.Unavailable _ -> {
          return Optional.of(SOON);
        }
      }
    }
    return decide(state, declared.get(), mesh.get(), workload.get());
  }

  /// Without this write nothing can begin; whoever can change that has to know why.
  private Optional<Duration> refused(String reason) {
    return Earliest.of(Optional.of(LATER), stall("WriteRefused", reason));
  }

  private Optional<Duration> decide(
      RolloutState state, CanaryDeclaration declared, Mesh mesh, Workload workload) {
    var chronicle = Chronicle.of(before);
    commands = Commands.of(parts.cluster(), ref.namespace(), ref.name(), chronicle.commands());
    var inbox = new Inbox(commands, parts.settings().commands().get());
    var adopted = Optional.ofNullable(before.target()).map(CanaryStatus.TargetStatus::uid);
    var course =
        new Deciding(observer, canary, mesh, workload, inbox, declared, chronicle, adopted, now)
            .from(state);
    lookAgain = course.lookAgain();
    return store(course);
  }

  private Optional<Duration> store(Course course) {
    var view = course.view();
    if (course.record().isPresent()) {
      var owner = view.declared().route().owner();
      switch (Records.write(parts.cluster(), ref, course.record().get(), owner)) {
        case Written.Done _ -> {}
        case Written.Refused(var reason) -> {
          slots.giveBack(ref.namespace(), ref.name());
          return refused(reason);
        }
        case Written.Conflict _, Written.Gone _, Written.Unavailable _ -> {
          slots.giveBack(ref.namespace(), ref.name());
          return Optional.of(SOON);
        }
      }
    }
    var draft = draft(course);
    var writer = new StatusWriter(parts.cluster(), memory, ref);
    var after = draft.at(now);
    var news =
        Stream.concat(
                Outlooks.news(before, after).stream(), LiftedPause.news(before, course).stream())
            .toList();
    var refusals = Refusals.between(before, after);
    var decided =
        course.matters()
            || before.state() == null
            || !Objects.equals(before.routes(), after.routes())
            || (before.queue() == null) != (after.queue() == null)
            || !news.isEmpty()
            || !refusals.isEmpty();
    switch (writer.write(canary, after, decided, view.declared().plan().interval(), steady)) {
      case StatusWriter.Result.Stored(var stored) -> take(stored);
      case StatusWriter.Result.Same _ -> {}
      case StatusWriter.Result.Postponed(var left) -> lookAgain(Optional.of(left));
      case StatusWriter.Result.Failed(var pause) -> {
        slots.giveBack(ref.namespace(), ref.name());
        return Optional.of(pause);
      }
    }
    if (Standpoint.of(course.state()).trial().isEmpty() && view.queued().isEmpty()) {
      slots.giveBack(ref.namespace(), ref.name());
    }
    announce(course, draft);
    news.forEach(one -> tell(one, Optional.empty(), course, draft));
    refusals.forEach(
        gate -> tell(Refusals.announcement(gate), Optional.ofNullable(gate.name()), course, draft));
    return carryOut(course, writer);
  }

  /// The Canary as it was stored just now: whoever waits for its slot or behind it can see that.
  private void take(ObjectNode stored) {
    var former = Slots.partOf(canary);
    canary = stored;
    if (Slots.partOf(stored) != former) {
      slots.moved(ref.namespace());
    }
  }

  private StatusDraft draft(Course course) {
    var view = course.view();
    return new StatusDraft(
        before,
        Fields.number(canary, "metadata", "generation"),
        view.declared(),
        view.state(),
        view.wanted().split(),
        course.chronicle(),
        view.sight(),
        course.adopted(),
        new FormerRoutes(parts, view, before).routes(),
        view.known(),
        parts.settings().hold().get(),
        waitingFor(course),
        view.queued(),
        Stalls.of(view, memory.trouble),
        planChanged(view),
        view.seen().exposed());
  }

  /// What the state waits for, with what kept the world from being made so.
  private String waitingFor(Course course) {
    var words = course.waitingFor();
    return words.isEmpty() || memory.trouble.isEmpty() || words.contains(memory.trouble)
        ? words
        : words + ": " + memory.trouble;
  }

  private Optional<String> planChanged(View view) {
    if (Standpoint.of(view.state()).trial().isEmpty()) {
      return Optional.empty();
    }
    return switch (parsed) {
      case Parsed.Invalid invalid ->
          Optional.of(
              "the edited spec cannot be used, the rollout goes on as it was declared at its start:"
                  + " "
                  + invalid.inWords());
      case Parsed.Valid(var declared) when !declared.rollsOutLike(view.declared()) ->
          Optional.of(
              "the spec was edited; the rollout goes on as it was declared at its start, the edit"
                  + " counts from the next one, or with `canary retry`");
      case Parsed.Valid _ -> Optional.empty();
    };
  }

  private void announce(Course course, StatusDraft draft) {
    var declared = present().orElse(draft.declared());
    for (var one : course.decided()) {
      var told = one.decision().announcements();
      for (int i = 0; i < told.size(); i++) {
        var ends = i == told.size() - 1;
        parts
            .announcer()
            .announce(
                new Occasion(
                    declared,
                    Fields.uid(canary),
                    told.get(i),
                    one.before(),
                    one.decision().next(),
                    draft.progress(),
                    ends ? one.decision().outcome() : Optional.empty(),
                    Optional.empty(),
                    one.by(),
                    now));
      }
    }
  }

  /// Tells what no decision told.
  ///
  /// @param gate the webhook that keeps the rollout waiting, when it is about one
  private void tell(Announcement one, Optional<String> gate, Course course, StatusDraft draft) {
    parts
        .announcer()
        .announce(
            new Occasion(
                present().orElse(draft.declared()),
                Fields.uid(canary),
                one,
                course.state(),
                course.state(),
                draft.progress(),
                Optional.empty(),
                gate,
                Optional.empty(),
                now));
  }

  private Optional<Duration> carryOut(Course course, StatusWriter writer) {
    var view = course.view();
    var writes = new Writes(parts.cluster(), memory, () -> writer.confirm(canary));
    var answered = new Commands(commands.objects(), course.chronicle().commands());
    var former = new FormerRoutes(parts, view, before);
    var complete =
        writes.all(answered.tell(course.inbox().fresh(), now))
            && writes.all(answered.collect(now))
            && !isUnknown(view)
            && Converger.converge(view, former, parts.cluster(), writes);
    if (complete) {
      tidy(view, former, writes);
    }
    writes.close();
    if (Converger.hasLeft(view.state()) && Finalizers.mayGo(view, complete, now)) {
      return finish();
    }
    ask(view);
    lookAgain(writes.lookAgain());
    lookAgain(isUnknown(view) ? Optional.of(LATER) : course.patience());
    lookAgain(view.settling());
    lookAgain(view.route().settling());
    lookAgain(until(view.sight().turns().filter(now::isBefore)));
    lookAgain(until(answered.collects()));
    lookAgain(answered.oldest().map(_ -> NEXT_COMMAND));
    if (view.state() instanceof RolloutState.Waiting) {
      lookAgain(until(observer.opening(view.declared())));
    }
    return lookAgain;
  }

  private void tidy(View view, FormerRoutes former, Writes writes) {
    var generation = Fields.number(canary, "metadata", "generation");
    // Once for each edit, and once in each process: whoever reads lists is woken by what enters
    // them.
    if (memory.tidied != generation
        && Leftovers.areKnown(view)
        && writes.all(Leftovers.of(view, canary, parts.cluster()))) {
      memory.tidied = generation;
    }
    if (former.areLeft() && memory.tidied == generation && former.letGo(writes)) {
      lookAgain(Optional.of(SOON));
    }
  }

  private void lookAgain(Optional<Duration> other) {
    lookAgain = Earliest.of(lookAgain, other);
  }

  private static boolean isUnknown(View view) {
    return view.seen().target() instanceof Seen.Target.Unknown;
  }

  private Optional<Duration> until(Optional<Instant> instant) {
    return instant.map(at -> at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO);
  }

  private void ask(View view) {
    var stands = Standpoint.of(view.state());
    var declared = view.declared();
    var questions = Rollout.questions(declared.plan(), view.state(), view.now());
    var step =
        view.state() instanceof RolloutState.Progressing at
            ? at.step()
            : declared.plan().lastStep();
    parts
        .measurements()
        .ask(
            new Assignment(
                declared,
                questions,
                Situation.phase(view.state()),
                stands.trial().map(Trial::number).orElse(0),
                stands.revision().orElse(""),
                stands.stable().orElse(""),
                step,
                view.wanted().split().orElse(TrafficSplit.toStable()),
                stands.trial().map(Trial::routedAt).orElse(List.of()).stream()
                    .map(this::today)
                    .toList(),
                confirmed(view.state()).map(this::today),
                view.route().dialect(),
                view.seen().exposed().isEmpty(),
                Situation.of(view.state()),
                now));
  }

  /// What the wall clock, had it always been what it is now, would have called an instant that this
  /// process saw come: a metrics server has the requests of that time under that name.
  private Instant today(Instant then) {
    return then.plus(memory.sightings.jump(then, now, steady));
  }

  /// Since when the data plane follows the split of the state.
  private static Optional<Instant> confirmed(RolloutState state) {
    return switch (state) {
      case RolloutState.Progressing(_, _, RolloutState.StepPhase.Holding in) ->
          Optional.of(in.since());
      case RolloutState.WaitingPromotion at -> Optional.of(at.since());
      case RolloutState.Paused at -> confirmed(at.in());
      default -> Optional.empty();
    };
  }

  private Optional<Duration> finish() {
    // Best effort: a command that cannot be deleted must not keep its Canary.
    Commands.of(parts.cluster(), ref.namespace(), ref.name(), List.of())
        .discard()
        .forEach(parts.cluster()::write);
    return go();
  }

  private Optional<Duration> go() {
    return switch (parts.cluster().write(Finalizers.remove(ref, canary))) {
      case Written.Done _, Written.Gone _ -> Optional.empty();
      case Written.Conflict _, Written.Unavailable _ -> Optional.of(SOON);
      case Written.Refused(var reason) -> {
        StatusWriter.warn(memory, ref, "cannot go: " + reason);
        yield Optional.of(LATER);
      }
    };
  }

  /// Shows why nothing can be done until somebody corrects it, and says so to whoever commands.
  private Optional<Duration> undriven(String reason, String message) {
    var again = stall(reason, message);
    var all =
        Commands.of(parts.cluster(), ref.namespace(), ref.name(), Chronicle.of(before).commands());
    Stream.concat(
            all.refuse("the Canary cannot be driven: " + message, now).stream(),
            all.collect(now).stream())
        .forEach(parts.cluster()::write);
    return Earliest.of(again, until(all.collects()));
  }

  /// Shows why nothing can be done, and does nothing.
  private Optional<Duration> stall(String reason, String message) {
    slots.giveBack(ref.namespace(), ref.name());
    var writer = new StatusWriter(parts.cluster(), memory, ref);
    var generation = Fields.number(canary, "metadata", "generation");
    var status = Stalls.status(canary, before, reason, message, generation, now);
    return switch (writer.writeStalled(canary, status, steady)) {
      case StatusWriter.Result.Failed(var pause) -> Optional.of(pause);
      case StatusWriter.Result.Stored(var stored) -> {
        take(stored);
        yield Optional.empty();
      }
      case StatusWriter.Result.Same _, StatusWriter.Result.Postponed _ -> Optional.empty();
    };
  }

  /// Lets go of everything that carries this Canary's mark, without knowing what it declared.
  private Optional<Duration> leaveBlindly() {
    var writes = new Writes(parts.cluster(), memory, () -> new Written.Done(canary));
    var done = writes.all(BlindRelease.of(parts.cluster(), canary));
    writes.close();
    return done ? finish() : writes.lookAgain();
  }
}
