package dev.serin.sandbox.cluster;

import static dev.serin.sandbox.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.UnreadableException;
import dev.serin.cluster.Written;
import dev.serin.controller.cluster.Connection;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.sandbox.api.Faults;
import dev.serin.sandbox.api.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KubernetesClusterTest {

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final ObjectRef WEB = Kind.SERVICE.named("default", "web");

  private final Server server = new Server();
  private final KubernetesCluster cluster = server.connect();

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  @Nested
  class Reads {

    @Test
    void whatIsThereIsFoundAndWhatIsNotIsAbsent() {
      server.admin.create(Server.service("web", 80));
      assertThat(port(cluster.find(WEB))).isEqualTo(80);
      assertThat(cluster.find(Kind.SERVICE.named("default", "other")))
          .isInstanceOf(Read.Absent.class);
    }

    @Test
    void onlyTheFirstReadOfAKindCostsARequest() {
      server.admin.create(Server.service("web", 80));
      for (int i = 0; i < 10; i++) {
        cluster.find(WEB);
        cluster.list(Kind.SERVICE, "default", Map.of());
      }
      counted("list 200", 1);
      assertThat(server.sent("get 200")).isZero();
    }

    @Test
    void changesOfOthersArriveByTheWatch() {
      cluster.find(WEB);
      server.admin.create(Server.service("web", 80));
      eventually("it is there", () -> cluster.find(WEB) instanceof Read.Found);
      server.admin.edit(Kind.SERVICE, "default", "web", web -> port(web, 81));
      eventually("its port changed", () -> port(cluster.find(WEB)) == 81);
      server.admin.delete(Kind.SERVICE, "default", "web");
      eventually("it is gone", () -> cluster.find(WEB) instanceof Read.Absent);
    }

    @Test
    void whatHappenedWhileTheWatchWasCutIsCaughtUpWith() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      server.store.faults().next(2, KubernetesClusterTest::watches, Faults.refuse(500));
      server.dropWatches();
      server.admin.delete(Kind.SERVICE, "default", "web");
      server.admin.create(Server.service("other", 80));
      eventually("the deletion is known", () -> cluster.find(WEB) instanceof Read.Absent);
      eventually(
          "the creation is known",
          () -> cluster.find(Kind.SERVICE.named("default", "other")) instanceof Read.Found);
    }

    @Test
    void whatTheServerForgotIsListedAnew() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      server.store.faults().next(1, KubernetesClusterTest::watches, Faults.refuse(503));
      server.dropWatches();
      server.admin.delete(Kind.SERVICE, "default", "web");
      server.admin.create(Server.service("other", 80));
      server.store.compact();
      eventually("the deletion is known", () -> cluster.find(WEB) instanceof Read.Absent);
      eventually(
          "the creation is known",
          () -> port(cluster.find(Kind.SERVICE.named("default", "other"))) == 80);
    }

    @Test
    void whatCannotBeAskedForLongIsNotKnownAnyMore() {
      server.admin.create(Server.service("web", 80));
      assertThat(cluster.find(WEB)).isInstanceOf(Read.Found.class);
      var fault =
          server
              .store
              .faults()
              .add(
                  request ->
                      request.kind().equals(Kind.SERVICE) && !request.writes()
                          ? Optional.of(Faults.refuse(500))
                          : Optional.empty());
      server.dropWatches();
      eventually("nothing is known", () -> cluster.find(WEB) instanceof Read.Unknown);
      assertThatThrownBy(() -> cluster.list(Kind.SERVICE, "default", Map.of()))
          .isInstanceOf(UnreadableException.class)
          .hasMessageContaining("services: the API server answers 500");
      assertThat(cluster.failing()).containsExactly(Kind.SERVICE);
      server.admin.delete(Kind.SERVICE, "default", "web");
      fault.run();
      eventually("what is true is known", () -> cluster.find(WEB) instanceof Read.Absent);
      assertThat(cluster.failing()).isEmpty();
    }

    @Test
    void whatNoWatchTellsIsListed() {
      cluster.find(WEB);
      var refused = new AtomicInteger();
      var listsSeen = new AtomicInteger(Integer.MAX_VALUE);
      server
          .store
          .faults()
          .add(
              request -> {
                var refuses =
                    watches(request)
                        && request.kind().equals(Kind.SERVICE)
                        && server.sent("list 200") <= listsSeen.get();
                if (refuses) {
                  refused.incrementAndGet();
                }
                return refuses ? Optional.of(Faults.refuse(500)) : Optional.empty();
              });
      server.dropWatches();
      eventually("the watch failed often", () -> refused.get() > 5);
      server.admin.create(Server.service("web", 80));
      // From the next list on watches are answered, but only with what comes after that list.
      listsSeen.set(server.sent("list 200"));
      eventually("it is known", () -> cluster.find(WEB) instanceof Read.Found);
    }

    @Test
    void aKindThatOneAnswerDoesNotKnowIsNotGone() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      server
          .store
          .faults()
          .next(
              2,
              request -> request.kind().equals(Kind.SERVICE) && !request.writes(),
              Faults.refuse(404));
      server.dropWatches();
      eventually(
          "it was not found twice", () -> server.sent("watch 404") + server.sent("list 404") == 2);
      assertThat(cluster.find(WEB)).isInstanceOf(Read.Found.class);
      server.admin.delete(Kind.SERVICE, "default", "web");
      eventually("it is watched again", () -> cluster.find(WEB) instanceof Read.Absent);
    }

    @Test
    void aProxyThatEndsEveryWatchAtOnceIsNotHammered() throws IOException {
      var watches = new AtomicInteger();
      var proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      proxy.createContext(
          "/",
          exchange -> {
            var query = String.valueOf(exchange.getRequestURI().getQuery());
            var body = "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[]}";
            if (query.contains("watch=")) {
              watches.incrementAndGet();
              body = "";
            }
            try (exchange) {
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              exchange.sendResponseHeaders(200, body.isEmpty() ? -1 : body.length());
              exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            }
          });
      proxy.start();
      var uri = URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
      try (var behind =
          KubernetesCluster.connect(
              new Connection.Plain(uri, Optional.empty()), "", (_, _) -> {})) {
        assertThat(behind.find(WEB)).isInstanceOf(Read.Absent.class);
        eventually("nothing is known", () -> behind.find(WEB) instanceof Read.Unknown);
        assertThat(watches.get()).isLessThan(10);
      } finally {
        proxy.stop(0);
      }
    }

    @Test
    void aKindThatIsNotInstalledIsNotServedUntilItIs() {
      var split = Kind.CANARY.named("default", "web");
      cluster.watch(List.of());
      assertThat(cluster.find(split)).isInstanceOf(Read.NotServed.class);
      assertThat(cluster.serves(Kind.CANARY)).isFalse();
      assertThat(cluster.list(Kind.CANARY, "", Map.of())).isEmpty();
      server.define(Kind.CANARY);
      server.admin.create(Server.canary("web"));
      eventually("it is served", () -> cluster.serves(Kind.CANARY));
      eventually("it is found", () -> cluster.find(split) instanceof Read.Found);
    }

    @Test
    void aKindThatIsInstalledBeforeDefinitionsAreHeardOfIsServed() {
      var heard = new AtomicBoolean();
      server
          .store
          .faults()
          .add(
              request ->
                  request.kind().plural().equals("customresourcedefinitions")
                          && !request.writes()
                          && !heard.get()
                      ? Optional.of(Faults.refuse(500))
                      : Optional.empty());
      var split = Kind.CANARY.named("default", "web");
      cluster.watch(List.of());
      assertThat(cluster.find(split)).isInstanceOf(Read.NotServed.class);
      assertThat(cluster.serves(Kind.CANARY)).isFalse();
      server.define(Kind.CANARY);
      server.admin.create(Server.canary("web"));
      heard.set(true);
      eventually("it is served", () -> cluster.serves(Kind.CANARY));
      eventually("it is found", () -> cluster.find(split) instanceof Read.Found);
    }

    @Test
    void listsChooseByLabelsAndNamespace() {
      var labelled = Server.service("web", 80);
      labelled.withObjectProperty("metadata").putObject("labels").put("app", "web").put("a", "b");
      server.admin.create(labelled);
      server.admin.create(Server.service("other", 80));
      assertThat(cluster.list(Kind.SERVICE, "default", Map.of("app", "web", "a", "b"))).hasSize(1);
      assertThat(cluster.list(Kind.SERVICE, "default", Map.of("app", "else"))).isEmpty();
      assertThat(cluster.list(Kind.SERVICE, "elsewhere", Map.of())).isEmpty();
      assertThat(cluster.list(Kind.SERVICE, "", Map.of())).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void contentOfConfigMapsIsReadOnceUntilItChanges() {
      var ref = Kind.CONFIG_MAP.named("default", "settings");
      server.admin.create(Server.config("settings", "one"));
      assertThat(value(cluster.find(ref))).isEqualTo("one");
      assertThat(value(cluster.find(ref))).isEqualTo("one");
      counted("get 200", 1);
      server.admin.edit(
          Kind.CONFIG_MAP,
          "default",
          "settings",
          config -> config.withObjectProperty("data").put("key", "two"));
      eventually("the change is seen", () -> value(cluster.find(ref)).equals("two"));
      counted("get 200", 2);
    }

    @Test
    void whatNobodyReadsOfListedAndWatchedObjectsIsNotKept() {
      server.admin.create(bulky(Server.service("web", 80)));
      assertThat(bulk(cluster.find(WEB))).isEmpty();

      var watched = Kind.SERVICE.named("default", "watched");
      server.admin.create(bulky(Server.service("watched", 80)));
      eventually("it is there", () -> cluster.find(watched) instanceof Read.Found);
      assertThat(bulk(cluster.find(watched))).isEmpty();
      server.admin.edit(Kind.SERVICE, "default", "watched", web -> port(web, 81));
      eventually("its port changed", () -> port(cluster.find(watched)) == 81);
      assertThat(bulk(cluster.find(watched))).isEmpty();
      assertThat(cluster.list(Kind.SERVICE, "default", Map.of()))
          .isNotEmpty()
          .allSatisfy(service -> assertThat(bulk(service)).isEmpty());
    }

    @Test
    void whatNobodyReadsOfAConfigMapIsNotKept() {
      var settings = Kind.CONFIG_MAP.named("default", "settings");
      server.admin.create(bulky(Server.config("settings", "one")));
      assertThat(bulk(cluster.find(settings))).isEmpty();
    }

    /// As `kubectl apply` leaves it.
    private static ObjectNode bulky(ObjectNode object) {
      object
          .withObjectProperty("metadata")
          .putObject("annotations")
          .put(LAST_APPLIED, object.toString())
          .put("example.com/kept", "yes");
      return object;
    }

    private static List<String> bulk(Read read) {
      var object = read.found().orElseThrow();
      assertThat(object.at("/metadata/annotations/example.com~1kept").asText()).isEqualTo("yes");
      return bulk(object);
    }

    /// What is there of the parts that nobody reads.
    private static List<String> bulk(JsonNode object) {
      var metadata = object.path("metadata");
      return Stream.of(
              metadata.path("managedFields"), metadata.path("annotations").path(LAST_APPLIED))
          .filter(part -> !part.isMissingNode())
          .map(JsonNode::toString)
          .toList();
    }

    private static String value(Read read) {
      return read.found().orElseThrow().path("data").path("key").asText();
    }
  }

  @Nested
  class Wakes {

    private final List<ObjectRef> woken = new CopyOnWriteArrayList<>();
    private final ObjectRef canary = Kind.CANARY.named("default", "web");

    @BeforeEach
    void listen() {
      server.defineOurs();
      cluster.onChange(
          new dev.serin.controller.cluster.Wakes() {
            @Override
            public void wake(ObjectRef ref) {
              woken.add(ref);
            }

            @Override
            public void gone(ObjectRef ref) {
              woken.add(Kind.CANARY.named("gone", ref.name()));
            }
          });
    }

    @Test
    void aNewOrEditedCanaryIsWoken() {
      cluster.find(canary);
      server.admin.create(Server.canary("web"));
      eventually("woken by the creation", () -> woken.contains(canary));
      woken.clear();
      server.admin.edit(
          Kind.CANARY,
          "default",
          "web",
          object -> object.withObjectProperty("spec").put("provider", "istio"));
      eventually("woken by the edit", () -> woken.contains(canary));
      server.admin.delete(Kind.CANARY, "default", "web");
      eventually("told of the end", () -> woken.contains(Kind.CANARY.named("gone", "web")));
    }

    @Test
    void aStatusWakesNobody() {
      server.admin.create(Server.canary("web"));
      cluster.find(canary);
      eventually("woken by the creation", () -> woken.contains(canary));
      woken.clear();
      server.admin.editStatus(
          Kind.CANARY,
          "default",
          "web",
          object -> object.putObject("status").put("phase", "Initialized"));
      eventually(
          "the status is known",
          () ->
              cluster
                  .find(canary)
                  .found()
                  .orElseThrow()
                  .at("/status/phase")
                  .asText()
                  .equals("Initialized"));
      assertThat(woken).isEmpty();
    }

    @Test
    void whatAReconcileReadWakesItsCanaryAndNothingElseDoes() {
      var other = Kind.SERVICE.named("default", "other");
      cluster.reading(canary, () -> cluster.find(WEB));
      cluster.find(other);
      server.admin.create(Server.service("other", 80));
      eventually("the other is known", () -> cluster.find(other) instanceof Read.Found);
      assertThat(woken).isEmpty();
      server.admin.create(Server.service("web", 80));
      eventually("woken by what was absent", () -> woken.contains(canary));
      woken.clear();
      server.admin.delete(Kind.SERVICE, "default", "web");
      eventually("woken by the deletion", () -> woken.contains(canary));
    }

    @Test
    void whatIsNotReadAnyMoreWakesNobody() {
      cluster.reading(canary, () -> cluster.find(WEB));
      cluster.reading(canary, () -> cluster.find(Kind.SERVICE.named("default", "other")));
      server.admin.create(Server.service("web", 80));
      eventually("it is known", () -> cluster.find(WEB) instanceof Read.Found);
      assertThat(woken).isEmpty();
    }

    @Test
    void anObjectThatEntersOrLeavesAListWakesItsReader() {
      server.admin.create(Server.service("web", 80));
      cluster.reading(
          canary, () -> cluster.list(Kind.SERVICE, "default", Map.of("app", "web", "tier", "a")));
      server.admin.edit(
          Kind.SERVICE,
          "default",
          "web",
          web -> web.withObjectProperty("metadata").putObject("labels").put("app", "web"));
      eventually("woken by the label", () -> woken.contains(canary));
      woken.clear();
      server.admin.edit(
          Kind.SERVICE,
          "default",
          "web",
          web -> web.withObjectProperty("metadata").remove("labels"));
      eventually("woken by its end", () -> woken.contains(canary));
    }

    @Test
    void aKindThatIsInstalledWakesWhoAskedForIt() {
      cluster.watch(List.of(Kind.CANARY));
      cluster.reading(canary, () -> cluster.serves(Kind.SCALED_OBJECT));
      eventually(
          "definitions are watched",
          () -> cluster.find(Kind.CANARY.named("default", "x")) instanceof Read.Absent);
      server.define(Kind.SCALED_OBJECT);
      eventually("woken by the definition", () -> woken.contains(canary));
      assertThat(cluster.serves(Kind.SCALED_OBJECT)).isTrue();
    }

    @Test
    void aChangedConfigMapWakesWhoUsesIt() {
      var ref = Kind.CONFIG_MAP.named("default", "settings");
      server.admin.create(Server.config("settings", "one"));
      cluster.reading(canary, () -> cluster.find(ref));
      server.admin.edit(
          Kind.CONFIG_MAP,
          "default",
          "settings",
          config -> config.withObjectProperty("data").put("key", "two"));
      eventually("woken", () -> woken.contains(canary));
    }
  }

  @Nested
  class Writes {

    @Test
    void readsAreNotBehindOurOwnWrites() {
      cluster.find(WEB);
      blind();
      done(cluster.write(new Change.Create(WEB, Server.service("web", 80))));
      assertThat(port(cluster.find(WEB))).isEqualTo(80);
      done(cluster.write(new Change.Merge(WEB, portPatch(version(), 81))));
      assertThat(port(cluster.find(WEB))).isEqualTo(81);
      done(cluster.write(new Change.Delete(WEB, uid())));
      assertThat(cluster.find(WEB)).isInstanceOf(Read.Absent.class);
    }

    @Test
    void whatNobodyReadsOfAnAnswerIsNotKept() {
      cluster.find(WEB);
      blind();
      var made = cluster.write(new Change.Create(WEB, Server.service("web", 80)));
      assertThat(made)
          .isInstanceOfSatisfying(
              Written.Done.class,
              done -> assertThat(done.object().path("metadata").has("managedFields")).isFalse());
      assertThat(cluster.find(WEB).found().orElseThrow().path("metadata").has("managedFields"))
          .isFalse();
    }

    @Test
    void whatComesLateByTheWatchTakesNothingBack() {
      cluster.find(WEB);
      for (int i = 1; i <= 50; i++) {
        var port = i;
        done(cluster.write(new Change.Create(WEB, Server.service("web", port))));
        assertThat(port(cluster.find(WEB))).isEqualTo(port);
        done(cluster.write(new Change.Merge(WEB, portPatch(version(), port + 100))));
        assertThat(port(cluster.find(WEB))).isEqualTo(port + 100);
        done(cluster.write(new Change.Delete(WEB, uid())));
        assertThat(cluster.find(WEB)).isInstanceOf(Read.Absent.class);
      }
    }

    @Test
    void anApplyOwnsItsFieldsAndLeavesOthers() {
      server.admin.create(Server.service("web", 80));
      var apply = Json.object();
      apply.putObject("metadata").putObject("labels").put("serin.dev/canary", "web");
      done(cluster.write(new Change.Apply(WEB, apply)));
      var stored = server.admin.get(Kind.SERVICE, "default", "web");
      assertThat(stored.at("/metadata/labels/serin.dev~1canary").asText()).isEqualTo("web");
      assertThat(stored.at("/spec/ports/0/port").asInt()).isEqualTo(80);
    }

    @Test
    void aWriteThatSawAnOlderObjectIsAConflict() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      var seen = version();
      server.admin.edit(Kind.SERVICE, "default", "web", web -> port(web, 81));
      assertThat(cluster.write(new Change.Merge(WEB, portPatch(seen, 82))))
          .isInstanceOf(Written.Conflict.class);
      assertThat(cluster.write(new Change.Patch(WEB, seen, labelled())))
          .isInstanceOf(Written.Conflict.class);
      assertThat(cluster.write(new Change.Create(WEB, Server.service("web", 83))))
          .isInstanceOf(Written.Conflict.class);
      assertThat(cluster.write(new Change.Delete(WEB, "another-uid")))
          .isInstanceOf(Written.Conflict.class);
      assertThat(server.admin.get(Kind.SERVICE, "default", "web").at("/spec/ports/0/port").asInt())
          .isEqualTo(81);
    }

    @Test
    void aPatchOfWhatWasSeenIsMade() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      done(cluster.write(new Change.Patch(WEB, version(), labelled())));
      assertThat(cluster.find(WEB).found().orElseThrow().at("/metadata/labels/a").asText())
          .isEqualTo("b");
    }

    @Test
    void answersOfTheServerAreValues() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      assertThat(cluster.write(new Change.Merge(WEB, portPatch(version(), 99_999))))
          .isInstanceOf(Written.Refused.class);
      var missing = Kind.SERVICE.named("default", "missing");
      assertThat(cluster.write(new Change.Merge(missing, Json.object())))
          .isInstanceOf(Written.Gone.class);
      server.store.faults().next(1, Faults.Request::writes, Faults.refuse(500));
      assertThat(cluster.write(new Change.Merge(WEB, portPatch(version(), 81))))
          .isInstanceOf(Written.Unavailable.class);
      server.store.faults().next(1, Faults.Request::writes, new Faults.Fault.LoseAnswer());
      // The HTTP client sends again what got no answer on a connection that it kept.
      assertThat(cluster.write(new Change.Merge(WEB, portPatch(version(), 82))))
          .isInstanceOfAny(Written.Unavailable.class, Written.Conflict.class);
      eventually("it was made all the same", () -> port(cluster.find(WEB)) == 82);
    }

    @Test
    void aServerThatAsksForPeaceIsLeftAlone() {
      server.admin.create(Server.service("web", 80));
      cluster.find(WEB);
      server.store.faults().next(1, Faults.Request::writes, Faults.refuse(429));
      var first = cluster.write(new Change.Merge(WEB, portPatch(version(), 81)));
      assertThat(first).isInstanceOf(Written.Unavailable.class);
      assertThat(first)
          .extracting(answer -> ((Written.Unavailable) answer).retryAfter())
          .isEqualTo(Optional.of(Duration.ofSeconds(1)));
      assertThat(cluster.write(new Change.Merge(WEB, portPatch(version(), 81))))
          .isInstanceOf(Written.Unavailable.class);
      counted("patch 429", 1);
      assertThat(server.sent("patch 200")).isZero();
    }

    @Test
    void nothingIsWrittenByWhoDoesNotLead() {
      cluster.writeOnlyWhile(() -> false);
      assertThat(cluster.write(new Change.Create(WEB, Server.service("web", 80))))
          .isInstanceOf(Written.Unavailable.class);
      assertThat(server.admin.find(Kind.SERVICE, "default", "web")).isEmpty();
    }

    @Test
    void aStatusIsReplacedAndNothingElse() {
      server.defineOurs();
      server.admin.create(Server.canary("web"));
      var ref = Kind.CANARY.named("default", "web");
      var next = cluster.find(ref).found().orElseThrow().deepCopy();
      next.putObject("status").put("phase", "Initialized");
      next.withObjectProperty("spec").put("provider", "istio");
      done(cluster.write(new Change.Status(ref, next)));
      var stored = server.admin.get(Kind.CANARY, "default", "web");
      assertThat(stored.at("/status/phase").asText()).isEqualTo("Initialized");
      assertThat(stored.at("/spec/provider").asText()).isEqualTo("smi");
      assertThat(cluster.write(new Change.Status(ref, next))).isInstanceOf(Written.Conflict.class);
    }

    /// From now on no watch tells anything.
    private void blind() {
      server
          .store
          .faults()
          .add(request -> watches(request) ? Optional.of(Faults.refuse(503)) : Optional.empty());
      server.dropWatches();
    }

    private static ArrayNode labelled() {
      var operations = Json.object().putArray("operations");
      operations
          .addObject()
          .put("op", "add")
          .put("path", "/metadata/labels")
          .putObject("value")
          .put("a", "b");
      return operations;
    }

    private String version() {
      return cluster.find(WEB).found().orElseThrow().at("/metadata/resourceVersion").asText();
    }

    private String uid() {
      return cluster.find(WEB).found().orElseThrow().at("/metadata/uid").asText();
    }
  }

  private static boolean watches(Faults.Request request) {
    return request.verb().equals("watch");
  }

  private static void done(Written written) {
    assertThat(written).isInstanceOf(Written.Done.class);
  }

  private static int port(Read read) {
    return read.found().map(web -> web.at("/spec/ports/0/port").asInt()).orElse(0);
  }

  private static void port(ObjectNode web, int port) {
    ((ObjectNode) web.at("/spec/ports/0")).put("port", port);
  }

  private static ObjectNode portPatch(String version, int port) {
    var patch = Json.object();
    patch.putObject("metadata").put("resourceVersion", version);
    patch.putObject("spec").putArray("ports").addObject().put("port", port);
    return patch;
  }

  /// Requests are counted a moment after their answers arrived.
  private void counted(String request, int times) {
    eventually(times + " of " + request, () -> server.sent(request) >= times);
    assertThat(server.sent(request)).isEqualTo(times);
  }
}
