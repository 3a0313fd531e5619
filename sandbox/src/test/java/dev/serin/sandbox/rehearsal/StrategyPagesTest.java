package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import dev.serin.sandbox.App;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The manifest on each page about a strategy is played to its end: a good revision is promoted, a
/// bad one is rolled back.
class StrategyPagesTest {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");
  private static final Duration LONG = Duration.ofMinutes(20);
  private static final String GOOD = "sandbox/web:2";
  private static final String BAD = "sandbox/web:3-errors-40";

  static List<Path> pages() throws IOException {
    var here = Path.of("").toAbsolutePath();
    var root = Files.exists(here.resolve("docs")) ? here : Objects.requireNonNull(here.getParent());
    try (Stream<Path> pages = Files.list(root.resolve("docs/strategies"))) {
      return pages.filter(page -> page.toString().endsWith(".md")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void manifestIsPlayedToItsEnd(Path page) throws IOException {
    var block = BLOCK.matcher(Files.readString(page));
    assertThat(block.find()).as("%s has a manifest", page).isTrue();
    try (var rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT)) {
      rehearsal.sandbox().deploy(App.of("shop", "web", 3, "sandbox/web:1"));
      rehearsal.create(block.group(1));
      assertThat(reaches(rehearsal, "Initialized")).isTrue();
      // The proxies follow a moment after the route was accepted.
      rehearsal.run(Duration.ofSeconds(5));
      rehearsal.sandbox().traffic(loads(block.group(1)));
      rehearsal.run(Duration.ofSeconds(30));

      rehearsal.sandbox().setImage("shop", "web", GOOD);
      assertThat(reaches(rehearsal, "Succeeded")).as("%s", status(rehearsal)).isTrue();
      rehearsal.sandbox().setImage("shop", "web", BAD);
      assertThat(reaches(rehearsal, "Failed")).as("%s", status(rehearsal)).isTrue();

      assertThat(rehearsal.surprises()).isEmpty();
      assertThat(rehearsal.sandbox().stats().routingFailures().keySet())
          .allMatch(where -> where.contains("web-canary"));
    }
  }

  private static String status(Rehearsal rehearsal) {
    return rehearsal.canary("shop", "web").orElseThrow().path("status").toPrettyString();
  }

  /// Lets time pass, and resumes what waits for a person.
  private static boolean reaches(Rehearsal rehearsal, String phase) {
    return rehearsal.runUntil(
        () -> {
          resume(rehearsal);
          return rehearsal.phase("shop", "web").equals(phase);
        },
        LONG);
  }

  private static void resume(Rehearsal rehearsal) {
    var status = rehearsal.canary("shop", "web").orElseThrow().path("status");
    var revision = status.path("revision").asText();
    var waits = status.path("waitingFor").asText().contains("resume");
    if (waits
        && rehearsal
            .sandbox()
            .api()
            .find(Kind.CANARY_COMMAND, "shop", "resume-" + revision)
            .isEmpty()) {
      rehearsal.create(
          """
          apiVersion: serin.dev/v1beta1
          kind: CanaryCommand
          metadata: {name: resume-%s, namespace: shop}
          spec: {canary: web, command: resume, revision: %s}
          """
              .formatted(revision, revision));
    }
  }

  private static List<Load> loads(String canary) {
    if (canary.contains("istio")) {
      return List.of(
          Load.of(Call.inMesh("web.shop"), 50),
          new Load("tester", Call.inMesh("web-canary.shop"), 20, 1));
    }
    var user = Call.atGateway("web.example.com");
    return List.of(Load.of(user, 300), Load.of(user.withHeader("x-group", "insider"), 30));
  }
}
