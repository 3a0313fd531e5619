package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.dataplane.TrafficStats;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `canary demo` as people and scripts call it.
class DemoTest {
  private static final String ESCAPE = "\u001b";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /// All of it in a third of the time: nobody reads along here.
  private static final DemoPace FAST =
      new DemoPace(
          100,
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(80));

  private static final DemoReport.Rollout GOOD =
      new DemoReport.Rollout("aaa", "Promoted", "every step passed", 19, 3);
  private static final DemoReport.Rollout BAD =
      new DemoReport.Rollout("bbb", "RolledBack", "2 of 2 failed checks", 12, 1);
  private static final String WHAT_WAS_LOST =
      "7,000 requests; 94 failed because of the bad version, 3 because of Serin or its routing"
          + " (503: 2, no answer: 1)";
  private static final DemoReport WELL = new DemoReport(List.of(GOOD, BAD), 7_000, 94, Map.of());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int demo(DemoCommand.Play play, String... arguments) {
    return new CommandLine(new DemoCommand(play))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private int ended(DemoReport report, String... arguments) {
    return demo(_ -> report, arguments);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void theJsonDocumentHasTheseFieldsAndNoOthers() throws IOException {
    assertThat(ended(WELL, "-o", "json")).isZero();

    assertThat(names(json()))
        .containsExactly("rollouts", "requests", "failedByBadVersion", "failedByRouting");
    assertThat(json().path("rollouts"))
        .hasSize(2)
        .allSatisfy(
            rollout ->
                assertThat(names(rollout))
                    .containsExactly("revision", "outcome", "reason", "durationSeconds", "steps"));
    assertThat(json().at("/rollouts/0").toString())
        .isEqualTo(
            "{\"revision\":\"aaa\",\"outcome\":\"Promoted\",\"reason\":\"every step passed\","
                + "\"durationSeconds\":19,\"steps\":3}");
    assertThat(json().path("requests").asLong()).isEqualTo(7_000);
    assertThat(json().path("failedByBadVersion").asLong()).isEqualTo(94);
    assertThat(json().path("failedByRouting").asLong()).isZero();
  }

  @Test
  void itFailsUnlessTheGoodOneIsPromotedAndTheBadOneRolledBack() {
    assertThat(ended(WELL)).isZero();
    assertThat(ended(new DemoReport(List.of(GOOD, GOOD), 7_000, 94, Map.of()))).isEqualTo(1);
    assertThat(ended(new DemoReport(List.of(BAD, BAD), 7_000, 94, Map.of()))).isEqualTo(1);
    assertThat(ended(new DemoReport(List.of(GOOD), 7_000, 94, Map.of()))).isEqualTo(1);
    assertThat(ended(new DemoReport(List.of(), 0, 0, Map.of()))).isEqualTo(1);
  }

  @Test
  void itFailsWhenRoutingFailedARequestAndSaysHow() throws IOException {
    var lost = new DemoReport(List.of(GOOD, BAD), 7_000, 94, Map.of("503", 2L, "no answer", 1L));
    assertThat(ended(lost)).isEqualTo(1);
    assertThat(out.toString()).contains(WHAT_WAS_LOST);

    out.getBuffer().setLength(0);
    assertThat(ended(lost, "-o", "json")).isEqualTo(1);
    assertThat(json().path("failedByRouting").asLong()).isEqualTo(3);
    assertThat(err.toString()).contains(WHAT_WAS_LOST);
  }

  @Test
  void withJsonTheStoryIsToldOnlyWhenItWentOtherwise() throws IOException {
    assertThat(toldAndEnded("all is well", WELL)).isZero();
    assertThat(err.toString()).isEmpty();

    out.getBuffer().setLength(0);
    assertThat(toldAndEnded("gave up", new DemoReport(List.of(GOOD), 7_000, 94, Map.of())))
        .isEqualTo(1);
    assertThat(json().path("rollouts")).hasSize(1);
    assertThat(err.toString()).contains("gave up");
  }

  private int toldAndEnded(String story, DemoReport report) {
    return demo(
        screen -> {
          screen.say(story);
          return report;
        },
        "-o",
        "json");
  }

  @Test
  void whoeverInterruptsItIsToldThatItStopped() {
    assertThat(
            demo(
                _ -> {
                  throw new InterruptedException();
                }))
        .isEqualTo(130);
    assertThat(out.toString()).endsWith("stopped" + System.lineSeparator());
  }

  @Test
  void otherFormatsAreRefused() {
    assertThat(ended(WELL, "-o", "yaml")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("'yaml'", "json");
  }

  @Test
  void theHelpSaysWhatRunsAndWhatTheExitCodeMeans() {
    var line = new CommandLine(new DemoCommand()).setUsageHelpWidth(100);
    assertThat(line.getUsageMessage(CommandLine.Help.Ansi.OFF))
        .contains("without a cluster", "pods", "a proxy under load", "the real controller")
        .contains("routing failed no request")
        .contains("canary demo -o json");
  }

  // ---- the screen

  private static ObjectNode canary(String phase, int weight, String... decisions) {
    var canary = new ObjectMapper().createObjectNode();
    var status = canary.putObject("status").put("phase", phase).put("canaryWeight", weight);
    var newestFirst = status.putArray("decisions");
    for (var text : List.of(decisions).reversed()) {
      newestFirst
          .addObject()
          .put("time", START.toString())
          .put("kind", "StepPassed")
          .put("text", text);
    }
    return canary;
  }

  private static TrafficStats stats(long stable, long canary, long canaryFailed) {
    return new TrafficStats(
        stable + canary,
        0,
        Map.of(),
        Map.of(
            "web 1.0", new TrafficStats.Version(stable, 0),
            "web-canary 1.2", new TrafficStats.Version(canary, canaryFailed)));
  }

  @Test
  void withoutATerminalEveryDecisionAndEveryWeightIsOnePlainLine() {
    var screen = new DemoScreen(new PrintWriter(out, true), false, START);
    screen.show(canary("Progressing", 0), stats(100, 0, 0), START.plusMillis(500));
    screen.show(canary("Progressing", 20, "one"), stats(180, 20, 10), START.plusMillis(1000));
    screen.show(canary("Progressing", 20, "one"), stats(260, 40, 20), START.plusMillis(1500));
    screen.show(
        canary("Progressing", 40, "one", "two"), stats(320, 80, 40), START.plusMillis(2000));

    assertThat(out.toString().lines())
        .containsExactly(
            "  0.5 s  phase Progressing, canary weight 0 %, success rates: no requests yet",
            "  1.0 s  StepPassed: one",
            "  1.0 s  phase Progressing, canary weight 20 %, success rates: web 1.0 100.0 % of 80,"
                + " web-canary 1.2 50.0 % of 20",
            "  2.0 s  StepPassed: two",
            "  2.0 s  phase Progressing, canary weight 40 %, success rates: web 1.0 100.0 % of 220,"
                + " web-canary 1.2 50.0 % of 80");
    assertThat(out.toString()).doesNotContain(ESCAPE);
  }

  @Test
  void successRatesAreThoseOfTheLastSeconds() {
    var screen = new DemoScreen(new PrintWriter(out, true), false, START);
    screen.show(canary("Progressing", 20), stats(0, 0, 0), START);
    screen.show(canary("Progressing", 20), stats(100, 100, 100), START.plusSeconds(10));
    screen.show(canary("Progressing", 20), stats(150, 120, 100), START.plusSeconds(11));
    screen.show(canary("Failed", 0), stats(200, 140, 105), START.plusSeconds(12));

    assertThat(out.toString().lines().toList().getLast())
        .endsWith("success rates: web 1.0 100.0 % of 100, web-canary 1.2 87.5 % of 40");
  }

  @Test
  void aTerminalShowsOnePictureThatIsDrawnAgain() {
    var screen = new DemoScreen(new PrintWriter(out, true), true, START);
    screen.show(canary("Progressing", 0), stats(100, 0, 0), START);
    screen.show(canary("Progressing", 25, "one"), stats(180, 20, 10), START.plusSeconds(1));

    assertThat(out.toString())
        .contains("shop/web", "Progressing", "canary 25 %", "web-canary 1.2 50.0 % of 20")
        .contains("StepPassed: one")
        .contains(ESCAPE + "[6A");
  }

  // ---- all of it

  @Test
  void aGoodRevisionIsPromotedAndABadOneRolledBackOnRealTraffic() {
    var seen = new AtomicReference<DemoReport>();
    int code =
        demo(
            screen -> {
              seen.set(DemoStory.play(screen, FAST));
              return seen.get();
            });

    assertThat(code).as(out.toString()).isZero();
    var report = seen.get();
    assertThat(report.rollouts())
        .extracting(DemoReport.Rollout::outcome)
        .containsExactly("Promoted", "RolledBack");
    assertThat(report.rollouts().getFirst().steps()).isEqualTo(3);
    assertThat(report.rollouts().getFirst().revision())
        .isNotEqualTo(report.rollouts().getLast().revision());
    assertThat(report.rollouts().getLast().reason()).contains("request-success-rate");
    assertThat(report.requests()).isGreaterThan(500);
    assertThat(report.failedByBadVersion()).isPositive().isLessThan(report.requests() / 4);
    assertThat(report.failedByRouting()).isZero();
    assertThat(out.toString())
        .doesNotContain(ESCAPE)
        .contains("Initialized: adopted", "held by AdmissionPolicy")
        .contains("canary weight 20 %", "canary weight 60 %")
        .contains("Promoted: ", "RolledBack: ")
        .contains(" 0 because of Serin or its routing");
  }
}
