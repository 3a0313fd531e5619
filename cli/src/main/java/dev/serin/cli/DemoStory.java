package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.dataplane.TrafficStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// What the demonstration does: a good revision is released, and then a bad one.
final class DemoStory {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final int PODS = 3;
  private static final String FIRST = "sandbox/web:1.0";
  private static final String GOOD = "sandbox/web:1.1";
  private static final String BAD = "sandbox/web:1.2-errors-30";

  private final DemoWorld world;
  private final DemoScreen screen;
  private final DemoPace pace;
  private final Instant until;
  private final List<Integer> steps = new ArrayList<>();

  private DemoStory(DemoWorld world, DemoScreen screen, DemoPace pace, Instant until) {
    this.world = world;
    this.screen = screen;
    this.pace = pace;
    this.until = until;
  }

  /// Plays it in real time.
  ///
  /// @return what happened, complete or not
  static DemoReport play(DemoScreen screen, DemoPace pace) throws InterruptedException {
    var until = Instant.now().plus(pace.most());
    screen.say("starting a cluster in this process");
    try (var world = DemoWorld.start(pace)) {
      return new DemoStory(world, screen, pace, until).play();
    }
  }

  private DemoReport play() throws InterruptedException {
    if (deploys() && declares() && promotes()) {
      rollsBack();
    }
    return report(world.finishCalls());
  }

  private boolean deploys() throws InterruptedException {
    world.deploy(FIRST, PODS);
    return reach("three pods run", _ -> world.unready().isEmpty() && world.available() == PODS);
  }

  private boolean declares() throws InterruptedException {
    screen.say("three pods of web 1.0 run; now a Canary is declared beside their Deployment");
    world.declare();
    if (!reach("the Canary is adopted", canary -> phase(canary).equals("Initialized"))
        || !reach("the gateway leads to it", _ -> world.leads())) {
      return false;
    }
    screen.say("new revisions are held by " + world.canary().at("/status/hold").asText());
    world.call();
    screen.say(
        "%.0f requests a second come in through the gateway".formatted(pace.requestsPerSecond()));
    return pause();
  }

  private boolean promotes() throws InterruptedException {
    screen.say("a good revision: kubectl set image deployment/web app=" + GOOD);
    world.release(GOOD);
    return reach("it is promoted", canary -> phase(canary).equals("Succeeded")) && pause();
  }

  private boolean rollsBack() throws InterruptedException {
    screen.say(
        "a bad revision, 30 % of its answers are errors: kubectl set image deployment/web app="
            + BAD);
    world.release(BAD);
    return reach(
        "it is rolled back", canary -> phase(canary).equals("Failed") && !world.hasCanary());
  }

  /// Lets some requests come in, so that there is something to compare with.
  private boolean pause() throws InterruptedException {
    var over = Instant.now().plus(pace.pause());
    return follow(_ -> !Instant.now().isBefore(over));
  }

  /// Shows what happens until something is reached, and notes how many steps got traffic meanwhile.
  private boolean reach(String what, Predicate<ObjectNode> reached) throws InterruptedException {
    var found = follow(reached);
    if (!found) {
      var canary = world.canary();
      screen.say(
          "gave up after %d s, before %s; phase %s, waits for %s"
              .formatted(
                  pace.most().toSeconds(),
                  what,
                  canary.at("/status/phase").asText("-"),
                  world.unready().orElse(canary.at("/status/waitingFor").asText("nothing"))));
    }
    return found;
  }

  /// @return whether it was reached in time
  private boolean follow(Predicate<ObjectNode> reached) throws InterruptedException {
    while (Instant.now().isBefore(until)) {
      var canary = world.canary();
      var now = Instant.now();
      screen.show(canary, world.stats(), now);
      countSteps(canary);
      if (reached.test(canary)) {
        return true;
      }
      Thread.sleep(LOOK);
    }
    return false;
  }

  private void countSteps(ObjectNode canary) {
    int ended = canary.at("/status/history").size();
    if (canary.at("/status/canaryWeight").asInt() > 0 && ended < 2) {
      while (steps.size() <= ended) {
        steps.add(0);
      }
      steps.set(ended, Math.max(steps.get(ended), canary.at("/status/step").asInt()));
    }
  }

  private static String phase(JsonNode canary) {
    return canary.at("/status/phase").asText();
  }

  private DemoReport report(TrafficStats stats) {
    var history = new ArrayList<JsonNode>();
    world.canary().at("/status/history").forEach(history::add);
    history.sort(Comparator.comparingInt(ended -> ended.path("number").asInt()));
    var rollouts = new ArrayList<DemoReport.Rollout>();
    for (var ended : history) {
      int number = rollouts.size();
      rollouts.add(
          new DemoReport.Rollout(
              ended.path("revision").asText(),
              ended.path("outcome").asText(),
              ended.path("reason").asText(),
              ended.path("durationSeconds").asLong(),
              number < steps.size() ? steps.get(number) : 0));
    }
    var bad = BAD.substring(BAD.indexOf(':') + 1);
    return new DemoReport(
        rollouts,
        stats.requests(),
        stats.versions().entrySet().stream()
            .filter(version -> version.getKey().endsWith(" " + bad))
            .mapToLong(version -> version.getValue().failed())
            .sum(),
        stats.routingFailures());
  }
}
