package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.dataplane.TrafficStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// Shows the demonstration: a picture that is drawn again and again at a terminal, plain lines
/// elsewhere.
final class DemoScreen {
  private static final int BAR = 40;
  private static final int DECISIONS = 12;
  private static final Duration RECENT = Duration.ofSeconds(4);
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final boolean interactive;
  private final Instant start;
  private final List<String> decisions = new ArrayList<>();
  private final Set<String> told = new HashSet<>();
  private String lastPlace = "";
  private final Deque<Look> looks = new ArrayDeque<>();
  private int drawn;

  private record Look(Instant at, TrafficStats stats) {}

  DemoScreen(PrintWriter out, boolean interactive, Instant start) {
    this.out = out;
    this.interactive = interactive;
    this.start = start;
  }

  /// A line of the story.
  void say(String text) {
    line(Instant.now(), text);
  }

  /// The last line of a story that was cut off, in the middle of a picture maybe.
  void end(String text) {
    if (interactive) {
      out.println(WRAP + text);
      out.flush();
    } else {
      say(text);
    }
  }

  void show(ObjectNode canary, TrafficStats stats, Instant now) {
    var newestFirst = new ArrayList<JsonNode>();
    canary.at("/status/decisions").forEach(newestFirst::add);
    for (var decision : newestFirst.reversed()) {
      var text = decision.path("kind").asText() + ": " + decision.path("text").asText();
      var key = decision.path("time").asText() + text;
      if (told.add(key)) {
        line(now, text);
      }
    }
    remember(stats, now);
    if (interactive) {
      draw(canary, stats, now);
    } else {
      place(canary, stats, now);
    }
  }

  private void remember(TrafficStats stats, Instant now) {
    looks.addLast(new Look(now, stats));
    while (looks.size() > 2 && looks.getFirst().at().isBefore(now.minus(RECENT))) {
      looks.removeFirst();
    }
  }

  private void line(Instant at, String text) {
    var line = "%5.1f s  %s".formatted(Duration.between(start, at).toMillis() / 1000.0, text);
    decisions.add(line);
    if (!interactive) {
      out.println(line);
      out.flush();
    }
  }

  private void place(ObjectNode canary, TrafficStats stats, Instant now) {
    var place =
        canary.at("/status/phase").asText() + " " + canary.at("/status/canaryWeight").asInt();
    if (!place.equals(lastPlace)) {
      lastPlace = place;
      line(
          now,
          "phase %s, canary weight %d %%, success rates: %s"
              .formatted(
                  canary.at("/status/phase").asText("-"),
                  canary.at("/status/canaryWeight").asInt(),
                  rates(stats)));
    }
  }

  /// Success rates of the versions in the last few seconds.
  private String rates(TrafficStats stats) {
    var before = looks.getFirst().stats();
    var said = new ArrayList<String>();
    new TreeMap<>(stats.versions())
        .forEach(
            (version, counted) -> {
              var old = before.version(version);
              long requests = counted.requests() - old.requests();
              long failed = counted.failed() - old.failed();
              if (requests > 0) {
                said.add(
                    "%s %.1f %% of %d"
                        .formatted(version, 100.0 * (requests - failed) / requests, requests));
              }
            });
    return said.isEmpty() ? "no requests yet" : String.join(", ", said);
  }

  private void draw(ObjectNode canary, TrafficStats stats, Instant now) {
    var weight = canary.at("/status/canaryWeight").asInt();
    var filled = Math.round(weight * BAR / 100.0f);
    var lines = new ArrayList<String>();
    lines.add(
        "\u001b[1mSerin\u001b[0m  shop/web  %s  %.0f s"
            .formatted(
                canary.at("/status/phase").asText("-"),
                Duration.between(start, now).toMillis() / 1000.0));
    lines.add(
        "stable \u001b[32m%s\u001b[33m%s\u001b[0m canary %d %%"
            .formatted("█".repeat(BAR - filled), "█".repeat(filled), weight));
    lines.add("success " + rates(stats));
    lines.add("waits for " + canary.at("/status/waitingFor").asText("-"));
    lines.add(
        "%,d requests, %,d failed by versions, %,d by routing"
            .formatted(stats.requests(), stats.failedByVersions(), stats.failedByRouting()));
    lines.add("");
    lines.addAll(decisions.subList(Math.max(0, decisions.size() - DECISIONS), decisions.size()));
    // A long line is cut off at the edge, so that as many lines are there as were drawn.
    var picture = new StringBuilder(NO_WRAP);
    if (drawn > 0) {
      picture.append("\u001b[").append(drawn).append("A\u001b[J");
    }
    lines.forEach(line -> picture.append(line).append(System.lineSeparator()));
    out.print(picture.append(WRAP));
    out.flush();
    drawn = lines.size();
  }
}
