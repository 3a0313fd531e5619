package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Written;
import dev.serin.controller.workload.HoldMode;
import dev.serin.controller.workload.Marks;
import dev.serin.rollout.RolloutState;
import dev.serin.sandbox.App;
import dev.serin.sandbox.SandboxOptions;
import dev.serin.sandbox.api.Admission;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.SandboxCluster;
import dev.serin.sandbox.dataplane.TrafficStats;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import dev.serin.status.StatusCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One strategy and one story, played from the adoption to the end under continuous traffic, with
/// something that meddles.
final class Play implements AutoCloseable {

  static final String NAMESPACE = "shop";
  static final String NAME = "web";

  /// How long after the end it is looked whether it stays so.
  private static final Duration AFTERMATH = Duration.ofSeconds(60);

  /// How long a revision is held in its first step before something happens to its Canary.
  private static final Duration TRIED = Duration.ofSeconds(10);

  private static final String AUTOSCALER =
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web, namespace: shop}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        minReplicas: 2
        maxReplicas: 4
        behavior: {scaleDown: {selectPolicy: Min}}
      """;

  private static final String SETTINGS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: shop}
      data: {color: blue}
      """;

  final Strategy strategy;
  final HoldMode hold;
  final Story story;
  final Rehearsal rehearsal;

  /// Writes of all processes together, in order.
  final List<Change> writes = new ArrayList<>();

  private IntConsumer afterWrite = _ -> {};
  private IntPredicate late = _ -> false;
  private Optional<Predicate<Change>> paused = Optional.empty();

  private final Hook hook = new Hook();
  private boolean room;

  /// Writes that a process was about to send when it stopped.
  private final List<Change> unsent = new ArrayList<>();

  /// What a process was answered that stopped, and went on when another one had written.
  private final Map<Change, Written> overtaken = new LinkedHashMap<>();

  Play(Strategy strategy, HoldMode hold, Story story) {
    this(strategy, hold, story, RehearsalOptions.DEFAULT.staleness());
  }

  Play(Strategy strategy, HoldMode hold, Story story, Duration staleness) {
    this.strategy = strategy;
    this.hold = hold;
    this.story = story;
    rehearsal =
        Rehearsal.start(
            RehearsalOptions.DEFAULT
                .sandbox(sandbox(strategy))
                .hold(hold)
                .staleness(staleness)
                .around(Counted::new));
    if (story.lacksRoom()) {
      rehearsal.sandbox().store().admit(new Room());
    }
  }

  private static SandboxOptions sandbox(Strategy strategy) {
    var options = SandboxOptions.DEFAULT.scrapeInterval(Duration.ofSeconds(5));
    return options.controllers(
        options.gatewayController(), options.meshController(), Set.of(strategy.ground().dialect));
  }

  /// What is done after each write, with its number from 1, before the controller hears of it.
  Play afterWrite(IntConsumer meddle) {
    afterWrite = meddle;
    return this;
  }

  /// Which writes, by their number from 1, are still unsent when their process stops for so long
  /// that another one takes over.
  Play stopsBefore(IntPredicate which) {
    late = which;
    return this;
  }

  /// Before which write its process stops for a while: another one takes over, and as soon as that
  /// one has written the same object the first one goes on and sends its write. What it is answered
  /// is in [#overtaken()].
  Play isOvertakenBefore(Predicate<Change> which) {
    paused = Optional.of(which);
    return this;
  }

  /// What each write was answered before which its process stood still.
  Map<Change, Written> overtaken() {
    return overtaken;
  }

  /// The former process goes on where it stopped.
  ///
  /// @return what each of its writes was answered
  Map<Change, Written> wakeFormer() {
    var answers = new LinkedHashMap<Change, Written>();
    unsent.forEach(change -> answers.put(change, sendLate(change)));
    rehearsal.run(AFTERMATH);
    return answers;
  }

  private Written sendLate(Change change) {
    try (var former =
        new SandboxCluster(
            rehearsal.sandbox().store(),
            Rehearsal.SERIN,
            rehearsal.sandbox().scheduler(),
            Duration.ZERO)) {
      return former.write(change);
    }
  }

  private record Part(Strategy strategy, HoldMode hold, Story story) {}

  private record Undisturbed(Ending ending, List<Change> writes) {}

  private static final Map<Part, Undisturbed> UNDISTURBED = new ConcurrentHashMap<>();

  private static Undisturbed undisturbed(Strategy strategy, HoldMode hold, Story story) {
    return UNDISTURBED.computeIfAbsent(
        new Part(strategy, hold, story),
        _ -> {
          try (var play = new Play(strategy, hold, story)) {
            var ending = play.run();
            play.assertTold(ending);
            return new Undisturbed(ending, List.copyOf(play.writes));
          }
        });
  }

  /// How many writes the story takes when nothing goes wrong.
  static int writes(Strategy strategy, HoldMode hold, Story story) {
    return undisturbed(strategy, hold, story).writes().size();
  }

  /// How often one object is written in it.
  static int writesOf(Strategy strategy, HoldMode hold, Story story, ObjectRef ref) {
    return (int)
        undisturbed(strategy, hold, story).writes().stream()
            .filter(change -> change.ref().equals(ref))
            .count();
  }

  /// Plays it to its end, which has to be the same as without any trouble.
  void assertEndsAsUndisturbed(String trouble) {
    assertSame(run(), trouble);
  }

  /// That this is how it ends without any trouble.
  void assertSame(Ending ending, String trouble) {
    assertThat(undisturbed(strategy, hold, story).ending().differences(ending))
        .as("%s, %s, %s: %s", strategy, story, hold, trouble)
        .isEmpty();
    assertTold(ending);
  }

  /// Plays it to its end.
  Ending run() {
    adopt();
    traffic();
    if (story == Story.CONFIGURED) {
      paint("green");
    } else {
      release(story.image);
    }
    switch (story) {
      case GOOD, BAD, STUCK, STALLED, CONFIGURED -> {}
      case BAD_TWICE -> {
        await(state -> state instanceof RolloutState.Failed);
        command("retry");
        await(state -> state instanceof RolloutState.Progressing);
      }
      case DELETED -> {
        untilTried();
        rehearsal.sandbox().api().delete(Kind.CANARY, NAMESPACE, NAME);
      }
      case SUPERSEDED -> {
        untilTried();
        release(story.endImage);
      }
      case APPROVED -> {
        await(state -> state instanceof RolloutState.Waiting);
        rehearsal.run(TRIED);
        hook.open();
        await(state -> heldSince(state).isPresent());
        command("pause");
        await(state -> state instanceof RolloutState.Paused);
        rehearsal.run(TRIED);
        command("resume");
        await(state -> state instanceof RolloutState.WaitingPromotion);
        command("approve");
      }
      case ABORTED -> {
        await(Play::rolls);
        rehearsal.runUntil(this::hasBegunToRoll, Story.PATIENCE);
        rehearsal.run(TRIED);
        command("abort");
      }
      case RETRIED -> {
        await(state -> state instanceof RolloutState.PromotionFailed);
        command("retry");
        room = true;
      }
    }
    rehearsal.runUntil(this::hasEnded, Story.PATIENCE);
    rehearsal.run(AFTERMATH);
    return Ending.of(rehearsal);
  }

  void adopt() {
    rehearsal.sandbox().deploy(App.of(NAMESPACE, NAME, 2, "sandbox/web:1"));
    if (story == Story.CONFIGURED) {
      rehearsal.create(SETTINGS);
      rehearsal.sandbox().api().edit(Kind.DEPLOYMENT, NAMESPACE, NAME, Play::readsSettings);
    }
    if (strategy.autoscaled()) {
      rehearsal.create(AUTOSCALER);
    }
    if (!strategy.ground().before().isEmpty()) {
      rehearsal.create(strategy.ground().before());
    }
    rehearsal.run(Duration.ofSeconds(5));
    rehearsal.create(strategy.canary(story == Story.APPROVED ? gates() : ""));
    rehearsal.runUntil(() -> phase().equals("Initialized"), Story.PATIENCE);
    // What follows an adoption that was disturbed comes to rest first.
    rehearsal.run(Duration.ofSeconds(5));
  }

  void traffic() {
    var loads = new ArrayList<Load>();
    var call = strategy.ground().call();
    loads.add(Load.of(call, 40));
    loads.add(
        Load.of(
            call.withHeader("x-group", "insider")
                .withHeader("cookie", "theme=dark; canary=always")
                .withQuery("preview", "yes")
                .withSource("group", "insider"),
            20));
    if (!strategy.reachesUsers()) {
      loads.add(tester());
    }
    rehearsal.sandbox().traffic(loads);
    rehearsal.run(Duration.ofSeconds(10));
  }

  /// Somebody who tries the canary before anybody else: its Service exists from the adoption on,
  /// and has pods only while there is a canary.
  private static Load tester() {
    return new Load("tester", Call.inMesh(NAME + "-canary." + NAMESPACE), 10, 1);
  }

  void release(String image) {
    rehearsal.sandbox().setImage(NAMESPACE, NAME, image);
  }

  private static void readsSettings(ObjectNode target) {
    ((ObjectNode) target.at("/spec/template/spec/containers/0"))
        .putArray("envFrom")
        .addObject()
        .putObject("configMapRef")
        .put("name", "settings");
  }

  /// Somebody changes a setting that the target reads.
  private void paint(String color) {
    rehearsal
        .sandbox()
        .api()
        .edit(
            Kind.CONFIG_MAP,
            NAMESPACE,
            "settings",
            settings -> Json.child(settings, "data").put("color", color));
  }

  /// A system has to let it begin, and a person has to let it be promoted.
  private String gates() {
    return """
    webhooks: [{name: calendar, type: confirm-rollout, url: "%s"}]
    approvals: [{name: release-manager, before: promotion}]
    """
        .formatted(hook.url());
  }

  /// Somebody commands something, about the revision that the status names.
  void command(String word) {
    rehearsal.create(
        """
        apiVersion: serin.dev/v1beta1
        kind: CanaryCommand
        metadata: {name: %s, namespace: shop}
        spec: {canary: web, command: %s, revision: %s}
        """
            .formatted(word, word, canary().at("/status/revision").asText()));
  }

  /// Until the revision was tried for a while: by the controller's own clock, which may be wrong,
  /// so that a jump ahead does not take the rollout to its end before.
  private void untilTried() {
    await(state -> heldSince(state).isPresent());
    var tried = state().flatMap(Play::heldSince).orElseThrow().plus(TRIED);
    rehearsal.runUntil(() -> !rehearsal.clock().isBefore(tried), Story.PATIENCE);
  }

  private void await(Predicate<RolloutState> reached) {
    rehearsal.runUntil(() -> state().filter(reached).isPresent(), Story.PATIENCE);
  }

  private JsonNode canary() {
    return rehearsal.sandbox().api().get(Kind.CANARY, NAMESPACE, NAME);
  }

  private Optional<RolloutState> state() {
    return StatusCodec.decode(canary().at("/status/state"))
            instanceof StatusCodec.Stored.State(var state)
        ? Optional.of(state)
        : Optional.empty();
  }

  private static Optional<Instant> heldSince(RolloutState state) {
    return state instanceof RolloutState.Progressing(_, _, RolloutState.StepPhase.Holding in)
        ? Optional.of(in.since())
        : Optional.empty();
  }

  private static boolean rolls(RolloutState state) {
    return state instanceof RolloutState.Promoting(_, RolloutState.Handover.Rolling _);
  }

  private boolean hasBegunToRoll() {
    return rehearsal.sandbox().api().list(Kind.REPLICA_SET, NAMESPACE).stream()
        .anyMatch(
            replicas ->
                Json.text(replicas, "metadata", "labels", "app").equals(NAME)
                    && image(replicas).equals(story.image));
  }

  private boolean hasEnded() {
    if (story == Story.DELETED) {
      return rehearsal.canary(NAMESPACE, NAME).isEmpty();
    }
    return phase().equals(story.end) && image().equals(story.endImage);
  }

  String phase() {
    return rehearsal.phase(NAMESPACE, NAME);
  }

  /// The status of the Canary, which is there.
  JsonNode status() {
    return canary().path("status");
  }

  private String image() {
    return image(rehearsal.sandbox().api().get(Kind.DEPLOYMENT, NAMESPACE, NAME));
  }

  private static String image(JsonNode workload) {
    return workload.at("/spec/template/spec/containers/0/image").asText();
  }

  TrafficStats stats() {
    return rehearsal.sandbox().stats();
  }

  /// Requests of users that no pod answered.
  Map<String, Long> unanswered() {
    var failures = new java.util.TreeMap<>(stats().routingFailures());
    // The tester dials the canary itself, which is there for a while only.
    failures
        .keySet()
        .removeIf(where -> where.contains(NAME + "-canary") && !strategy.reachesUsers());
    return failures;
  }

  /// That it ended as the story does.
  void assertTold(Ending ending) {
    assertThat(rehearsal.surprises()).isEmpty();
    assertThat(ending.phase()).isEqualTo(story.end);
    assertThat(ending.spec("Deployment web").at("/template/spec/containers/0/image").asText())
        .isEqualTo(story.endImage);
    assertThat(ending.spec("Deployment web").path("paused").asBoolean())
        .isEqualTo(story.endsHeld() || (hold == HoldMode.PAUSED && story != Story.DELETED));
    assertThat(ending.has("Deployment web-canary")).isEqualTo(story == Story.STALLED);
    if (strategy.autoscaled()) {
      // Until it is decided about, stable may not shrink.
      assertThat(ending.spec("HorizontalPodAutoscaler web").at("/behavior/scaleDown/selectPolicy"))
          .hasToString(story == Story.STALLED ? "\"Disabled\"" : "\"Min\"");
    }
    if (!story.outcome.isEmpty()) {
      assertThat(ending.outcomes()).startsWith(story.outcome);
    }
    if (story == Story.CONFIGURED) {
      assertThat(marksOfPods()).hasSize(1).doesNotContain("");
    }
    assertThat(unanswered()).isEmpty();
  }

  /// Of which settings the target's pods are, as their template was marked when it was promoted; ""
  /// where it was not.
  private Set<String> marksOfPods() {
    return rehearsal.sandbox().api().list(Kind.POD, NAMESPACE).stream()
        .filter(pod -> Json.text(pod, "metadata", "labels", "app").equals(NAME))
        .map(pod -> Json.text(pod, "metadata", "annotations", Marks.CONFIG))
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    rehearsal.close();
  }

  /// Counts and meddles.
  private final class Counted extends Interposed {
    Counted(Cluster cluster) {
      super(cluster);
    }

    @Override
    public Written write(Change change) {
      writes.add(change);
      if (late.test(writes.size())) {
        unsent.add(change);
        throw new Crash("before write " + writes.size());
      }
      if (paused.filter(which -> which.test(change)).isPresent()) {
        unsent.add(change);
        throw new Crash("before " + change.ref());
      }
      var written = cluster.write(change);
      overtake(change, written);
      afterWrite.accept(writes.size());
      return written;
    }

    private void overtake(Change change, Written written) {
      if (written instanceof Written.Done) {
        unsent.stream()
            .filter(former -> former.ref().equals(change.ref()) && paused.isPresent())
            .filter(former -> !overtaken.containsKey(former))
            .forEach(former -> overtaken.put(former, sendLate(former)));
      }
    }
  }

  /// Until there is room there are no new pods of the target itself, as when a quota is used up.
  private final class Room implements Admission {
    @Override
    public ObjectNode mutate(Request request) {
      return request.object();
    }

    @Override
    public Optional<String> refuse(Request request) {
      var object = request.object();
      return !room
              && request.operation() == Operation.CREATE
              && request.ref().kind().equals(Kind.POD)
              && Json.text(object, "metadata", "labels", "app").equals(NAME)
              && !object.at("/spec/containers/0/image").asText().equals("sandbox/web:1")
          ? Optional.of("exceeded quota")
          : Optional.empty();
    }
  }
}
