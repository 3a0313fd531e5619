package dev.serin.sandbox.cluster;

import static dev.serin.sandbox.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.controller.Assembly;
import dev.serin.controller.ControllerProgram;
import dev.serin.controller.ControllerSettings;
import dev.serin.controller.telemetry.EventRecorder;
import dev.serin.sandbox.api.Faults;
import dev.serin.sandbox.api.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerProgramTest {

  /// Without which nothing is decided.
  private static final Set<Kind> NEEDED =
      Set.of(
          Kind.CANARY,
          Kind.CANARY_COMMAND,
          Kind.METRIC_TEMPLATE,
          Kind.ALERT_PROVIDER,
          Kind.DEPLOYMENT,
          Kind.REPLICA_SET,
          Kind.CONTROLLER_REVISION,
          Kind.POD,
          Kind.SERVICE,
          Kind.CONFIG_MAP,
          Kind.SECRET,
          Kind.HORIZONTAL_POD_AUTOSCALER,
          Kind.POD_DISRUPTION_BUDGET);

  private final Server server = new Server();
  private final List<ControllerProgram> programs = new ArrayList<>();

  @AfterEach
  void stop() {
    programs.forEach(ControllerProgram::close);
    server.close();
  }

  @Test
  void itWaitsForTheDefinitionsAndThenLooksAtEveryCanary() throws Exception {
    var looks = new Looks();
    var program = start(settings(Optional.empty()), looks);
    eventually(
        "it says what it waits for",
        () -> program.unready().filter(reason -> reason.contains("install")).isPresent());
    assertThat(answer(program, "/readyz").statusCode()).isEqualTo(503);
    assertThat(answer(program, "/readyz").body()).contains("Canary; install");
    assertThat(answer(program, "/healthz").statusCode()).isEqualTo(200);
    server.defineOurs();
    server.admin.create(Server.canary("one"));
    server.admin.create(Server.canary("two"));
    eventually("both are looked at", () -> looks.at("one") > 0 && looks.at("two") > 0);
    assertThat(answer(program, "/readyz").statusCode()).isEqualTo(200);
    assertThat(answer(program, "/metrics").body())
        .contains("serin_leading 1")
        .contains("serin_api_requests_total{verb=\"list\",code=\"200\"}");
  }

  @Test
  void allThatItNeedsIsReadAtTheSameTime() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var asked = ConcurrentHashMap.<Kind>newKeySet();
    var answers = new CountDownLatch(1);
    server
        .store
        .faults()
        .add(
            request -> {
              if (request.verb().equals("list") && NEEDED.contains(request.kind())) {
                asked.add(request.kind());
                awaitQuietly(answers);
              }
              return Optional.empty();
            });
    try {
      var looks = new Looks();
      var program = start(settings(Optional.empty()), looks);
      eventually("every list is asked for before any is answered", () -> asked.equals(NEEDED));
      assertThat(answer(program, "/readyz").statusCode()).isEqualTo(503);
      answers.countDown();
      eventually("it is ready and looks", () -> looks.at("web") > 0);
    } finally {
      answers.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStartTakesFewRequestsHoweverManyCanariesThereAre() throws Exception {
    server.defineOurs();
    for (int i = 0; i < 60; i++) {
      server.admin.create(Server.canary("canary-" + i));
    }
    var looks = new Looks();
    var program = start(settings(Optional.empty()), looks);
    eventually("all were looked at", () -> looks.byName.size() == 60);
    eventually("all is followed", () -> isFollowing(program));
    // A list and a watch of each kind, and what it asks about itself and the server.
    assertThat(requests(program)).isLessThan(60);
  }

  @Test
  void atRestNothingIsAsked() throws Exception {
    server.defineOurs();
    for (int i = 0; i < 20; i++) {
      server.admin.create(Server.canary("canary-" + i));
    }
    var looks = new Looks();
    var program = start(settings(Optional.empty()), looks);
    eventually("all were looked at", () -> looks.byName.size() == 20);
    eventually("all is followed", () -> isFollowing(program));
    // A process that has just started still finds out, once, which kinds are served.
    eventually("five looks cost no request", () -> costOfLooks(program, looks) == 0);
  }

  private static int costOfLooks(ControllerProgram program, Looks looks) {
    try {
      var before = requests(program);
      var again = looks.total();
      for (int round = 1; round <= 5; round++) {
        looks.parts().forEach(parts -> parts.wake().accept("default", "canary-0"));
        var wanted = again + round;
        eventually("it was looked at again", () -> looks.total() >= wanted);
      }
      return requests(program) - before;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReconcileIsRunAgainWhenItsTimeHasCome() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    looks.again = Optional.of(Duration.ofMillis(20));
    start(settings(Optional.empty()), looks);
    eventually("it is looked at again and again", () -> looks.at("web") >= 5);
  }

  @Test
  void aReconcileThatBreaksIsRunAgain() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    looks.breaks = 2;
    start(settings(Optional.empty()), looks);
    eventually("it is looked at after all", () -> looks.at("web") >= 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one"})
  void aProgramWithoutItsPartsEndsInsteadOfStandingThereForEver(String identity) throws Exception {
    server.defineOurs();
    var candidate = Optional.of(identity).filter(name -> !name.isEmpty());
    var program =
        start(
            settings(candidate),
            _ -> {
              throw new NoClassDefFoundError("nobody can decide");
            });
    assertThat(program.await())
        .hasValueSatisfying(reason -> assertThat(reason).contains("nobody can decide"));
  }

  @Test
  void oneCanaryIsNeverLookedAtTwiceAtOnce() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    looks.within =
        () -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          // Long enough for a second one to come.
          LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
          inside.decrementAndGet();
        };
    looks.again = Optional.of(Duration.ofMillis(1));
    start(settings(Optional.empty()), looks);
    eventually("it was looked at", () -> looks.at("web") > 0);
    for (int round = 0; round < 10; round++) {
      var interval = round + "s";
      server.admin.edit(
          Kind.CANARY,
          "default",
          "web",
          canary ->
              canary
                  .withObjectProperty("spec")
                  .withObjectProperty("analysis")
                  .put("interval", interval));
      var wanted = looks.at("web") + 5;
      for (int i = 0; i < 20; i++) {
        looks.parts().getFirst().wake().accept("default", "web");
      }
      eventually("it was looked at again", () -> looks.at("web") >= wanted);
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void aCanaryOfAStrangeShapeKeepsNobodyFromBeingLookedAt() throws Exception {
    server.defineOurs();
    var strange = Server.canary("strange");
    strange
        .withObjectProperty("spec")
        .put("targetRef", 7)
        .put("analysis", "soon")
        .putArray("service")
        .add(1.5);
    strange.put("status", "unwell");
    var fractional = Server.canary("fractional");
    fractional
        .withObjectProperty("spec")
        .withObjectProperty("analysis")
        .put("stepWeight", 1.5)
        .put("threshold", "5");
    var looks = new Looks();
    server.admin.create(strange);
    server.admin.create(Server.canary("good"));
    start(settings(Optional.empty()), looks);
    server.admin.create(fractional);
    eventually("each is looked at", () -> looks.byName.size() == 3);
    server.admin.create(Server.canary("later"));
    eventually("one that comes later, too", () -> looks.at("later") > 0);
  }

  @Test
  void numbersOfACanaryGoWithIt() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    server.admin.create(Server.canary("other"));
    var looks = new Looks();
    var program = start(settings(Optional.empty()), looks);
    eventually("both are looked at", () -> looks.at("web") > 0 && looks.at("other") > 0);
    var metrics = looks.parts().getFirst().metrics();
    for (var name : List.of("web", "other")) {
      metrics.stands("default", name, "Progressing", 10);
      metrics.decided("default", name, "StepStarted");
      metrics.checked("default", name, "rate", "PASSED");
    }
    assertThat(answer(program, "/metrics").body().split("name=\"web\"", -1)).hasSize(5);
    server.admin.delete(Kind.CANARY, "default", "web");
    eventually("it is forgotten", () -> looks.forgotten.contains("web"));
    assertThat(answer(program, "/metrics").body())
        .doesNotContain("name=\"web\"")
        .contains(
            "serin_canary_phase{namespace=\"default\",name=\"other\",phase=\"Progressing\"} 1");
  }

  @Test
  void aCanaryThatIsBeingDeletedIsLookedAt() throws Exception {
    server.defineOurs();
    var canary = Server.canary("web");
    canary.withObjectProperty("metadata").putArray("finalizers").add("serin.dev/finalizer");
    server.admin.create(canary);
    var looks = new Looks();
    start(settings(Optional.empty()), looks);
    eventually("it is looked at", () -> looks.at("web") > 0);
    server.admin.delete(Kind.CANARY, "default", "web");
    eventually("it is looked at as it leaves", () -> looks.deleting.contains("web"));
    server.admin.edit(
        Kind.CANARY,
        "default",
        "web",
        left -> left.withObjectProperty("metadata").remove("finalizers"));
    eventually("it is forgotten", () -> looks.forgotten.contains("web"));
  }

  @Test
  void itIsNotReadyWhileItCannotSee() throws Exception {
    server.defineOurs();
    var program = start(settings(Optional.empty()), new Looks());
    eventually("it is ready", () -> program.unready().isEmpty());
    var fault =
        server
            .store
            .faults()
            .add(
                request ->
                    request.kind().equals(Kind.POD) && !request.writes()
                        ? Optional.of(Faults.refuse(500))
                        : Optional.empty());
    server.dropWatches();
    eventually(
        "it says what it cannot see",
        () -> program.unready().filter(why -> why.startsWith("pods: ")).isPresent());
    assertThat(answer(program, "/readyz").statusCode()).isEqualTo(503);
    assertThat(answer(program, "/metrics").body()).contains("serin_watches_failing 1");
    assertThat(answer(program, "/healthz").statusCode()).isEqualTo(200);
    fault.run();
    eventually("it is ready again", () -> program.unready().isEmpty());
  }

  @Test
  void aStartThatBreaksIsTriedAgain() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    for (var identity : List.of(Optional.<String>empty(), Optional.of("one"))) {
      var looks = new Looks();
      looks.breaksAtStart.set(1);
      var program = start(settings(identity), looks);
      eventually("it is looked at after all", () -> looks.at("web") > 0);
      assertThat(answer(program, "/healthz").statusCode()).isEqualTo(200);
      program.close();
    }
  }

  @Test
  void whoIsStoppedWhileItBeginsLeavesNothingRunning() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    var program = new CompletableFuture<ControllerProgram>();
    looks.whileItBegins = () -> program.join().close();
    program.complete(start(settings(Optional.empty()), looks));
    eventually("what was begun is closed", () -> looks.closed.get() == 1);
    assertThat(looks.total()).isZero();
  }

  @Test
  void anUnknownProviderIsRefusedWithTheKnownOnes() {
    var standard = settings(Optional.empty());
    assertThatThrownBy(() -> start(withProvider(standard, "isto"), new Looks()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--provider is 'isto'; known are [gatewayapi, istio");
  }

  private static ControllerSettings withProvider(ControllerSettings of, String provider) {
    return new ControllerSettings(
        of.connection(),
        of.namespace(),
        provider,
        of.metricsServer(),
        of.metricsSecret(),
        of.scrapeInterval(),
        of.election(),
        of.hold(),
        of.commands(),
        of.intervalFloor(),
        of.perNamespace(),
        of.total(),
        of.references(),
        of.alert(),
        of.port(),
        of.logFormat(),
        of.debug());
  }

  @Test
  void aPolicyThatComesOrGoesWakesCanariesAtRest() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    start(settings(Optional.empty()), looks);
    eventually("it is looked at", () -> looks.at("web") > 0);
    var parts = looks.parts().getFirst();
    assertThat(parts.holdByPolicy().getAsBoolean()).isFalse();
    var before = looks.at("web");
    server.admin.create(policy("MutatingAdmissionPolicy"));
    server.admin.create(policy("MutatingAdmissionPolicyBinding"));
    eventually("it is looked at again", () -> looks.at("web") > before);
    assertThat(parts.holdByPolicy().getAsBoolean()).isTrue();
    var with = looks.at("web");
    server.admin.delete(
        new Kind(
            "admissionregistration.k8s.io",
            "v1",
            "MutatingAdmissionPolicyBinding",
            "mutatingadmissionpolicybindings",
            false),
        "",
        "serin-hold");
    eventually("and once more", () -> looks.at("web") > with);
    assertThat(parts.holdByPolicy().getAsBoolean()).isFalse();
  }

  private static ObjectNode policy(String kind) {
    var policy = Json.object().put("apiVersion", "admissionregistration.k8s.io/v1");
    policy.put("kind", kind).putObject("metadata").put("name", "serin-hold");
    var spec = policy.putObject("spec");
    if (kind.endsWith("Binding")) {
      spec.put("policyName", "serin-hold");
    } else {
      spec.put("reinvocationPolicy", "Never").put("failurePolicy", "Fail");
      spec.putArray("matchConditions")
          .addObject()
          .put("name", "not-serin")
          .put("expression", "request.userInfo.username != '" + Server.SERIN.name() + "'");
    }
    return policy;
  }

  @Test
  void theNextLeadsSoonAfterTheFirstStops() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var first = new Looks();
    var second = new Looks();
    var one = start(settings(Optional.of("one")), first);
    eventually("the first looks", () -> first.at("web") > 0);
    var two = start(settings(Optional.of("two")), second);
    eventually("the second stands by", () -> two.unready().isEmpty());
    assertThat(second.total()).isZero();
    one.close();
    var count = first.total();
    eventually("the second looks", () -> second.at("web") > 0);
    assertThat(first.total()).isEqualTo(count);
  }

  @Test
  void eventsAreWrittenAndCountedWhenRepeated() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    start(settings(Optional.empty()), looks);
    eventually("it leads", () -> !looks.parts().isEmpty());
    var event =
        new EventRecorder.Event(
            Kind.CANARY.named("default", "web"), "uid-1", true, "CheckFailed", "it failed");
    for (int i = 0; i < 3; i++) {
      looks.parts().getFirst().events().record(event);
    }
    eventually(
        "one event counts three",
        () ->
            server.admin.list(Kind.EVENT, "default").stream()
                .anyMatch(
                    object ->
                        object.path("count").asInt() == 3
                            && object.path("reason").asText().equals("CheckFailed")
                            && object.path("type").asText().equals("Warning")));
    assertThat(server.admin.list(Kind.EVENT, "default")).hasSize(1);
  }

  @Test
  void aPolicyThatIsAskedForAndMissingIsARefusal() throws Exception {
    server.defineOurs();
    var refused = settings(ControllerSettings.Hold.POLICY, Optional.empty());
    var program = start(refused, new Looks());
    assertThat(program.await().orElse(""))
        .contains("--hold is 'policy'")
        .contains("canary install");
  }

  @Test
  void commandsAreWithheldWhileNothingChecksThem() throws Exception {
    server.defineOurs();
    var looks = new Looks();
    start(settings(Optional.empty()), looks);
    eventually("it leads", () -> !looks.parts().isEmpty());
    var parts = looks.parts().getFirst();
    assertThat(parts.commandsWithheld().get().orElse("")).contains("serin-commands");
    assertThat(parts.holdByPolicy().getAsBoolean()).isFalse();
  }

  @Test
  void whoDoesNotLeadWritesNothing() throws Exception {
    server.defineOurs();
    server.admin.create(Server.canary("web"));
    var looks = new Looks();
    var program = start(settings(Optional.of("one")), looks);
    eventually("it leads", () -> !looks.parts().isEmpty());
    var cluster = looks.parts().getFirst().cluster();
    program.close();
    var ref = Kind.SERVICE.named("default", "web");
    cluster.write(new Change.Create(ref, Server.service("web", 80)));
    assertThat(server.admin.find(Kind.SERVICE, "default", "web")).isEmpty();
  }

  private ControllerProgram start(ControllerSettings settings, Assembly assembly)
      throws IOException {
    var program = ControllerProgram.start(settings, assembly);
    programs.add(program);
    return program;
  }

  private ControllerSettings settings(Optional<String> identity) {
    return settings(ControllerSettings.Hold.AUTO, identity);
  }

  private ControllerSettings settings(ControllerSettings.Hold hold, Optional<String> identity) {
    var standard = ControllerSettings.standard(server.connection());
    return new ControllerSettings(
        standard.connection(),
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        identity.map(name -> new ControllerSettings.LeaseSettings("default", name)),
        hold,
        standard.commands(),
        standard.intervalFloor(),
        0,
        0,
        0,
        standard.logFormat(),
        false);
  }

  /// Whether every list that was asked for has its watch.
  private static boolean isFollowing(ControllerProgram program) {
    try {
      var lists = requests(program, "verb=\"list\"");
      return lists >= NEEDED.size() && requests(program, "verb=\"watch\"") == lists;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static int requests(ControllerProgram program) throws Exception {
    return requests(program, "");
  }

  private static int requests(ControllerProgram program, String label) throws Exception {
    return answer(program, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("serin_api_requests_total{" + label))
        .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static HttpResponse<String> answer(ControllerProgram program, String path)
      throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + program.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /// Counts how often each Canary is looked at.
  private static final class Looks implements Assembly {
    final Map<String, AtomicInteger> byName = new ConcurrentHashMap<>();
    private final List<Parts> parts = new CopyOnWriteArrayList<>();
    volatile Optional<Duration> again = Optional.empty();
    volatile int breaks;
    final AtomicInteger breaksAtStart = new AtomicInteger();
    volatile Runnable whileItBegins = () -> {};
    volatile Runnable within = () -> {};
    final AtomicInteger closed = new AtomicInteger();
    final Set<String> deleting = ConcurrentHashMap.newKeySet();
    final Set<String> forgotten = ConcurrentHashMap.newKeySet();

    int at(String name) {
      return Optional.ofNullable(byName.get(name)).map(AtomicInteger::get).orElse(0);
    }

    int total() {
      return byName.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    List<Parts> parts() {
      return parts;
    }

    @Override
    public Running assemble(Parts given) {
      if (breaksAtStart.getAndDecrement() > 0) {
        throw new IllegalStateException("broken on purpose");
      }
      parts.add(given);
      whileItBegins.run();
      return new Running() {
        @Override
        public Optional<Duration> reconcile(String namespace, String name) {
          within.run();
          given
              .cluster()
              .find(Kind.CANARY.named(namespace, name))
              .found()
              .filter(canary -> canary.at("/metadata/deletionTimestamp").isTextual())
              .ifPresent(_ -> deleting.add(name));
          var count = byName.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
          if (count <= breaks) {
            throw new IllegalStateException("broken on purpose");
          }
          return again;
        }

        @Override
        public void forget(String namespace, String name) {
          forgotten.add(name);
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };
    }
  }
}
