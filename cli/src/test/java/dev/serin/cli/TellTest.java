package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.cluster.Kind;
import dev.serin.rollout.Command.Verb;
import dev.serin.sandbox.api.WatchOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TellTest {
  private final TestCluster cluster;

  TellTest(@TempDir Path directory) {
    cluster = new TestCluster(directory);
  }

  @BeforeEach
  void canary() {
    cluster.canary("shop", "web");
    cluster.status("shop", "web", "{phase: Progressing, revision: r, stableRevision: s}");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private ObjectNode only() {
    var all = cluster.admin.list(Kind.CANARY_COMMAND, "shop");
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /// Answers each command as soon as it is made, as a controller does.
  private void answer(String answer, String message) {
    cluster.admin.watch(
        Kind.CANARY_COMMAND,
        WatchOptions.all(),
        event -> {
          var command = event.object();
          if (command.at("/status/answer").isMissingNode()) {
            Thread.ofVirtual()
                .start(
                    () ->
                        cluster.admin.editStatus(
                            Kind.CANARY_COMMAND,
                            "shop",
                            command.at("/metadata/name").asText(),
                            object ->
                                object
                                    .withObject("/status")
                                    .put("answer", answer)
                                    .put("message", message)));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void everyVerbMakesItsCommandForTheRevisionOnTrial(Verb verb) {
    var run = cluster.run(verb.word(), "web", "--reason", "as agreed", "--timeout", "0");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("canarycommand.serin.dev/web-" + verb.word() + "-");
    assertThat(only().path("spec").toString())
        .isEqualTo(
            "{\"canary\":\"web\",\"command\":\"%s\",\"revision\":\"r\",\"by\":\"ann\",\"reason\":\"as agreed\"}"
                .formatted(verb.word()));
  }

  @Test
  void aGateMayBeNamedWhereGatesAreMeant() {
    assertThat(cluster.run("approve", "web", "--gate", "boss", "--timeout", "0").code()).isZero();
    assertThat(only().at("/spec/gate").asText()).isEqualTo("boss");
    var promote = cluster.run("promote", "web", "--gate", "boss");
    assertThat(promote.code()).isEqualTo(2);
    assertThat(promote.err()).contains("Unknown option", "--gate", "canary promote --help");
  }

  @Test
  void anotherRevisionMayBeMeant() {
    cluster.run("abort", "web", "--revision", "q", "--timeout", "0");
    assertThat(only().at("/spec/revision").asText()).isEqualTo("q");
  }

  @Test
  void whatTheControllerAnswersIsSaid() {
    answer("Accepted", "aborted by ann");
    var run = cluster.run("abort", "web");
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("abort web: aborted by ann\n");
  }

  @Test
  void aRefusalIsOne() {
    answer("Refused", "it is not paused");
    var run = cluster.run("resume", "web");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("resume web: it is not paused\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "yaml"})
  void theAnsweredCommandIsPrintedWhereItIsAskedFor(String format) throws Exception {
    answer("Accepted", "aborted by ann");
    var run = cluster.run("abort", "web", "-o", format);
    assertThat(run.code()).isZero();
    var printed = new YAMLMapper().readTree(run.out());
    assertThat(printed).isEqualTo(only());
    assertThat(printed.path("kind").asText()).isEqualTo("CanaryCommand");
    assertThat(printed.at("/status/answer").asText()).isEqualTo("Accepted");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void theNameOfEveryCommandCanBePrinted(Verb verb) {
    var run = cluster.run(verb.word(), "web", "-o", "name", "--timeout", "0");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo("canarycommand.serin.dev/" + only().at("/metadata/name").asText() + "\n");
  }

  @Test
  void aRefusalIsToldBesideTheObject() throws Exception {
    answer("Refused", "it is not paused");
    var run = cluster.run("resume", "web", "-o", "json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(new YAMLMapper().readTree(run.out())).isEqualTo(only());
    assertThat(run.err()).isEqualTo("canary: resume web: it is not paused\n");
  }

  @Test
  void aCommandThatNobodyAnswersIsPrintedAsItWasMade() throws Exception {
    var run = cluster.run("pause", "web", "-o", "json", "--timeout", "0.001s");
    assertThat(run.code()).isEqualTo(5);
    assertThat(new YAMLMapper().readTree(run.out())).isEqualTo(only());
    assertThat(run.err()).contains("no answer within");
  }

  @Test
  void oneCommandIsNoTable() {
    var run = cluster.run("pause", "web", "-o", "wide");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'wide' is none of json, yaml, name");
    assertThat(cluster.admin.list(Kind.CANARY_COMMAND, "shop")).isEmpty();
  }

  @Test
  void withoutAnAnswerItEndsInTimeWithAHint() {
    var run = cluster.run("pause", "web", "--timeout", "0.001s");
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.out()).contains("no answer within", "canary doctor");
  }

  @Test
  void whoMayNotIsToldTheVerb() {
    cluster.create(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: vic-approves}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: serin-approver}
        subjects: [{kind: User, name: vic}]
        """);
    assertThat(cluster.run("approve", "web", "--context", "viewer", "--timeout", "0").code())
        .isZero();
    var run = cluster.run("abort", "web", "--context", "viewer");
    assertThat(run.code()).isEqualTo(8);
    assertThat(run.err()).contains("vic may not abort canaries in shop");
  }

  @Test
  void whoMayNotMakeCommandsIsToldWhichVerbOnWhat() {
    var run = cluster.run("pause", "web", "--context", "viewer");
    assertThat(run.code()).isEqualTo(8);
    assertThat(run.err()).contains("vic may not create canarycommands.serin.dev in namespace shop");
  }

  @Test
  void aCanaryWithoutARevisionCannotBeTold() {
    cluster.status("shop", "web", "{phase: Initializing}");
    var run = cluster.run("promote", "web");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("web has no revision yet; its phase is Initializing");
  }

  @Test
  void anUnknownCanaryNamesThoseNear() {
    assertThat(cluster.run("pause", "wbe").err())
        .contains("there is no Canary shop/wbe; there is web");
  }
}
