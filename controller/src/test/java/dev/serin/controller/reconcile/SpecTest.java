package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Written;
import dev.serin.controller.workload.Marks;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.parse.Settings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SpecTest {
  private static final String WRONG =
      World.CANARY_YAML.replace("interval: 10s", "interval: soon").replace("port: 80,", "");

  private static void edit(World world, String from, String to) {
    world.cluster.change(
        World.CANARY,
        canary -> {
          canary.set("spec", World.yaml(World.CANARY_YAML.replace(from, to)).path("spec"));
          return canary;
        });
  }

  @Test
  void allProblemsAreListedAndNothingElseHappens() {
    var world = new World().with(World.DEPLOYMENT_YAML).with(WRONG);

    world.run(Duration.ofMinutes(5));

    assertThat(world.condition("Ready")).isEqualTo("False");
    assertThat(world.condition("Stalled")).isEqualTo("True");
    assertThat(world.message("Ready"))
        .contains("spec.service.port")
        .contains("spec.analysis.interval is 'soon'");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
    assertThat(world.cluster.writes).hasSize(1);
  }

  @Test
  void correctedSpecStarts() {
    var world = new World().with(World.DEPLOYMENT_YAML).with(WRONG);
    world.run(Duration.ofMinutes(1));

    edit(world, "", "");
    world.runTo("Initialized");

    assertThat(world.condition("Ready")).isEqualTo("True");
  }

  @Test
  void runningRolloutGoesByWhatWasDeclaredAtItsStart() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    edit(world, "[10, 20, 30, 40, 50]", "[90]");
    world.run(Duration.ofSeconds(10));
    assertThat(world.condition("PlanChanged")).isEqualTo("True");
    world.runTo("Succeeded");

    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 0);
    assertThat(world.condition("PlanChanged")).isEmpty();
  }

  @Test
  void runningRolloutOutlivesAnInvalidEdit() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    edit(world, "interval: 10s", "interval: soon");
    world.run(Duration.ofSeconds(12));
    assertThat(world.message("PlanChanged")).contains("spec.analysis.interval is 'soon'");
    world.run(Duration.ofMinutes(5));

    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 0);
    assertThat(world.target().path("status").path("updatedReplicas").asInt()).isEqualTo(2);
    assertThat(world.message("Ready")).contains("spec.analysis.interval is 'soon'");
  }

  @Test
  void referenceToAnotherNamespaceThatIsEditedInIsRefusedAndNeverFollowed() {
    var world = new World();
    world.references = Settings.References.OWN_NAMESPACE;
    world.restart();
    world.with(World.DEPLOYMENT_YAML).adopt(World.CANARY_YAML);
    var asked = new HashSet<String>();
    world.checks =
        (check, _) -> {
          asked.add(check.source().toString());
          return Assessment.of(check.name(), Verdict.PASSED, "as the test says");
        };
    var foreign =
        "metrics: [{name: theirs, templateRef: {name: t, namespace: others}, thresholdRange: {max:"
            + " 1}}]";
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    edit(world, "metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]", foreign);
    world.run(Duration.ofMinutes(5));
    world.setImage("web:3");
    world.run(Duration.ofMinutes(5));
    world.restart();
    world.run(Duration.ofMinutes(5));

    assertThat(world.condition("Ready")).isEqualTo("False");
    assertThat(world.message("Ready")).contains("spec.analysis.metrics[0].templateRef.namespace");
    assertThat(asked).hasSize(1).noneMatch(source -> source.contains("others"));
    assertThat(world.weights).endsWith(0);
  }

  @Test
  void anotherNameOfTheServiceLeavesNoRouteBehind() {
    var world = World.adopted();
    world.mesh.settle = Duration.ofSeconds(15);
    var route = FakeMesh.ROUTE.named("shop", "front");
    edit(world, "service: {port", "service: {name: front, port");

    world.run(Duration.ofSeconds(10));
    assertThat(world.cluster.has(route)).isTrue();
    assertThat(world.cluster.has(World.ROUTE)).as("callers are served meanwhile").isTrue();
    world.run(Duration.ofMinutes(1));

    assertThat(world.cluster.has(World.ROUTE)).isFalse();
    assertThat(world.cluster.has(Kind.SERVICE.named("shop", "front-canary"))).isTrue();
    assertThat(world.cluster.has(Kind.SERVICE.named("shop", "web"))).isTrue();
    world.setImage("web:2");
    world.runTo("Succeeded");
    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(5));
    assertThat(world.cluster.has(route)).isFalse();
    assertThat(world.cluster.has(Kind.SERVICE.named("shop", "front-canary"))).isFalse();
    assertThat(world.cluster.has(Kind.SERVICE.named("shop", "web-canary"))).isFalse();
  }

  @Test
  void nameThatIsEditedDuringARolloutCountsAfterIt() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    edit(world, "service: {port", "service: {name: front, port");
    world.runTo("Succeeded");
    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 0);
    world.run(Duration.ofMinutes(1));

    assertThat(world.cluster.has(World.ROUTE)).isFalse();
    assertThat(world.cluster.has(FakeMesh.ROUTE.named("shop", "front"))).isTrue();
  }

  @Test
  void suspendStopsTheStepsAndNothingElse() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    edit(world, "  service:", "  suspend: true\n  service:");
    world.run(Duration.ofMinutes(5));
    assertThat(world.phase()).isEqualTo("Paused");
    assertThat(world.weights).endsWith(20);
    edit(world, "", "");
    world.runTo("Succeeded");
  }

  @Test
  void closedWindowSaysWhenItOpens() {
    var world =
        World.adopted(
            World.CANARY_YAML.replace(
                "  service:", "  windows: [{schedule: \"0 12 * * *\", duration: 1h}]\n  service:"));

    world.setImage("web:2");
    world.run(Duration.ofMinutes(5));
    assertThat(world.status().path("waitingFor").asText()).contains("2026-11-21T12:00:00Z");
    world.run(Duration.ofHours(2));

    assertThat(world.phase()).isEqualTo("Succeeded");
    assertThat(world.told.get(1).at()).isEqualTo("2026-11-21T12:00:00Z");
  }

  @Test
  void missingTargetIsAStateAndNotAnError() {
    var world = new World().with(World.CANARY_YAML);
    world.run(Duration.ofMinutes(1));
    assertThat(world.message("Ready")).contains("Deployment web does not exist");

    world.with(World.DEPLOYMENT_YAML);
    world.runTo("Initialized");
  }

  @Test
  void missingMeshIsAStateAndNotAnError() {
    var world = new World();
    world.cluster.unserved(FakeMesh.ROUTE);
    world.with(World.DEPLOYMENT_YAML).adopt(World.CANARY_YAML);

    assertThat(world.message("Ready")).contains("fake.dev is not installed");
    assertThat(world.phase()).isEqualTo("Initializing");
  }

  @Test
  void refusedWriteIsShownWithTheServersWords() {
    var world = World.adopted();
    world.cluster.failing(
        change ->
            change instanceof Change.Create(var ref, _) && ref.equals(World.COPY)
                ? Optional.of(new Written.Refused("deployments is forbidden"))
                : Optional.empty());

    world.setImage("web:2");
    world.run(Duration.ofMinutes(1));

    assertThat(world.condition("Stalled")).isEqualTo("True");
    assertThat(world.message("Stalled")).contains("deployments is forbidden");
  }

  @Test
  void refusedFinalizerIsShown() {
    var world = new World().with(World.DEPLOYMENT_YAML);
    refuse(world, change -> change instanceof Change.Merge && change.ref().equals(World.CANARY));

    world.adopt(World.CANARY_YAML);

    assertThat(world.message("Stalled")).contains("forbidden by the test");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @Test
  void refusedRecordIsShownAndNothingStarts() {
    var world = World.adopted();
    refuse(
        world,
        change ->
            change instanceof Change.Create
                && change.ref().kind().equals(Kind.CONTROLLER_REVISION));

    world.setImage("web:2");
    world.run(Duration.ofMinutes(1));

    assertThat(world.message("Stalled")).contains("forbidden by the test");
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void refusedStatusIsLoggedOnce() {
    var world = World.adopted();
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    var log = (Logger) LoggerFactory.getLogger(StatusWriter.class);
    log.addAppender(logged);
    refuse(world, Change.Status.class::isInstance);

    world.setImage("web:2");
    world.run(Duration.ofMinutes(5));

    log.detachAppender(logged);
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "shop/web: the status cannot be written, so nothing goes on: forbidden by the test");
  }

  private static void refuse(World world, Predicate<Change> which) {
    world.cluster.failing(
        change ->
            which.test(change)
                ? Optional.of(new Written.Refused("forbidden by the test"))
                : Optional.empty());
  }

  @Test
  void whatCannotBeListedIsShownAndNothingIsDecided() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.cluster.unlistable(Kind.CANARY_COMMAND, "canarycommands: answers 403: forbidden");
    world.cluster.writes.clear();

    world.run(Duration.ofMinutes(5));

    assertThat(world.condition("Stalled")).isEqualTo("True");
    assertThat(world.message("Stalled")).isEqualTo("canarycommands: answers 403: forbidden");
    assertThat(world.cluster.writes).hasSize(1).hasOnlyElementsOfType(Change.Status.class);
    assertThat(world.weights).endsWith(20);
    world.cluster.listable(Kind.CANARY_COMMAND);
    world.runTo("Succeeded");
    assertThat(world.condition("Stalled")).isEqualTo("False");
  }

  @Test
  void whatCannotBeListedForAMomentIsNoNews() {
    var world = World.adopted();
    world.cluster.unlistable(Kind.CANARY_COMMAND, "the API server does not answer");

    world.run(Duration.ofSeconds(9));
    world.cluster.listable(Kind.CANARY_COMMAND);
    world.run(Duration.ofMinutes(5));

    assertThat(world.cluster.writes).isEmpty();
  }

  @Test
  void conflictThatComesAgainAndAgainIsShown() {
    var world = World.adopted();
    world.cluster.failing(
        change ->
            change instanceof Change.Create(var ref, _) && ref.equals(World.COPY)
                ? Optional.of(new Written.Conflict("deployments web-canary already exists"))
                : Optional.empty());

    world.setImage("web:2");
    world.run(Duration.ofMinutes(3));

    assertThat(world.message("Stalled")).contains("web-canary already exists");
  }

  @Test
  void stateThatCannotBeReadTouchesNothing() {
    var world = World.adopted();
    world.cluster.change(
        World.CANARY,
        canary -> {
          ((ObjectNode) canary.path("status")).putObject("state").put("is", "Levitating");
          return canary;
        });

    world.setImage("web:2");
    world.run(Duration.ofMinutes(5));

    assertThat(world.message("Ready")).contains("Levitating");
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void failedReadStartsNothingAndMovesNoTraffic() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.cluster.unreadable(World.TARGET, "the cache is not filled");
    world.cluster.writes.clear();

    world.run(Duration.ofMinutes(2));

    assertThat(world.cluster.writes).hasOnlyElementsOfType(Change.Status.class);
    assertThat(world.weights).endsWith(20);
    world.cluster.readable(World.TARGET);
    world.runTo("Succeeded");
  }

  @Test
  void secondCanaryForOneTargetIsRefused() {
    var world = World.adopted();
    world.with(World.CANARY_YAML.replace("metadata: {name: web}", "metadata: {name: twin}"));

    world.lookAt("twin");

    var twin = world.cluster.get(Kind.CANARY.named("shop", "twin"));
    assertThat(Fields.text(Fields.condition(twin, "Ready"), "message"))
        .contains("Canary web drives Deployment web already");
  }
}
