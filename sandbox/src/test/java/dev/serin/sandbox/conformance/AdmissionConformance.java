package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.APPLY;
import static dev.serin.sandbox.conformance.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.controller.install.InstallManifests;
import dev.serin.sandbox.conformance.Calls.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How new revisions are held, and who may command: by policies of the API server, or by the native
/// code that stands for them.
abstract class AdmissionConformance extends ApiConformance {

  private static final Set<URI> INSTALLED = ConcurrentHashMap.newKeySet();

  /// The token of a user: `serin` is Serin's own account, `dev` has the roles of the chart.
  abstract String token(String user);

  /// Whether an object of the installation is understood by this server.
  abstract boolean takes(String kind);

  @BeforeEach
  void prepare() {
    if (INSTALLED.add(api.server())) {
      install();
    }
    // Of itself Serin's account has no right to command.
    for (var user : List.of("dev", "system:serviceaccount:serin:serin")) {
      grant(user, "serin-approver");
      eventually(
          () -> mayCreateCommands(user), answer -> answer.at("status", "allowed").asBoolean());
    }
    eventually(
        () -> command(token("dev"), "{canary: web, command: approve, revision: r, by: boss}"),
        answer -> answer.message().contains("nobody speaks for another"));
    create("web", "{serin.dev/canary: web}");
  }

  private void install() {
    for (var object : manifests()) {
      if (takes(object.path("kind").asText())) {
        var path = path(object) + "?fieldManager=test&force=true";
        assertThat(api.patch(APPLY, path, object.toString()).code()).as("%s", path).isIn(200, 201);
      }
    }
    // New policies are obeyed after a second or three. What was changed before is what they keep.
    create("probe", "{serin.dev/canary: probe}");
    var tries = new AtomicInteger();
    eventually(
        () -> mark("probe", "try-" + tries.incrementAndGet()),
        answer -> answer.code() == 200 && !mark(answer).equals("try-" + tries));
  }

  private Answer mark(String deployment, String canary) {
    return api.patch(
        MERGE,
        apps("deployments/" + deployment),
        "{metadata: {labels: {serin.dev/canary: %s}}}".formatted(canary));
  }

  private Answer mayCreateCommands(String user) {
    return api.post(
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        """
        apiVersion: authorization.k8s.io/v1
        kind: SubjectAccessReview
        spec:
          user: %s
          groups: ["system:serviceaccounts:serin"]
          resourceAttributes: {group: serin.dev, resource: canarycommands, verb: create, namespace: %s}
        """
            .formatted(user, namespace));
  }

  private static List<JsonNode> manifests() {
    var yaml =
        InstallManifests.render(
            InstallManifests.Parts.NO_CONTROLLER,
            InstallManifests.Policies.MUTATING,
            "",
            List.of());
    try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      return documents.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String path(JsonNode object) {
    var version = object.path("apiVersion").asText();
    var kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
    var plural = kind.endsWith("y") ? kind.replaceAll("y$", "ies") : kind + "s";
    var namespace = object.at("/metadata/namespace").asText();
    return (version.contains("/") ? "/apis/" : "/api/")
        + version
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + plural
        + "/"
        + object.at("/metadata/name").asText();
  }

  private void grant(String user, String role) {
    var made =
        api.post(
            "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/rolebindings",
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: %s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
            """
                .formatted(user.replace(':', '.'), role, user));
    assertThat(made.code()).as("%s", made).isEqualTo(201);
  }

  private void create(String name, String labels) {
    var made = api.post(apps("deployments"), manifest(name, labels, "registry/app:1"));
    assertThat(made.code()).as("%s", made).isEqualTo(201);
  }

  private static String manifest(String name, String labels, String image) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s, labels: %2$s}
    spec:
      replicas: 0
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s}}
        spec: {containers: [{name: app, image: "%3$s"}]}
    """
        .formatted(name, labels, image);
  }

  private Answer setImage(String image) {
    return api.patch(
        Calls.STRATEGIC,
        apps("deployments/web"),
        "{spec: {template: {spec: {containers: [{name: app, image: '%s'}]}}}}".formatted(image));
  }

  private Answer now() {
    return api.get(apps("deployments/web"));
  }

  private static boolean paused(Answer deployment) {
    return deployment.at("spec", "paused").asBoolean();
  }

  private static String mark(Answer deployment) {
    return deployment.at("metadata", "labels", "serin.dev/canary").asText();
  }

  /// Asks again while the API server is busy with the definitions of other tests, which it says by
  /// 503.
  private Answer command(String token, String spec) {
    var answer = commandOnce(token, spec);
    for (int tries = 0; answer.code() == 503 && tries < 40; tries++) {
      LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
      answer = commandOnce(token, spec);
    }
    return answer;
  }

  private Answer commandOnce(String token, String spec) {
    return api.as(token)
        .post(
            "/apis/serin.dev/v1beta1/namespaces/" + namespace + "/canarycommands",
            "{apiVersion: serin.dev/v1beta1, kind: CanaryCommand, metadata: {generateName: c-},"
                + " spec: "
                + spec
                + "}");
  }

  @Test
  void aChangeOfTheTemplateIsHeldInTheSameRequest() {
    assertThat(paused(setImage("registry/app:2"))).isTrue();
  }

  @Test
  void otherChangesAreFree() {
    var changed = api.patch(MERGE, apps("deployments/web"), "{spec: {minReadySeconds: 3}}");
    assertThat(changed.at("spec", "minReadySeconds").asInt()).isEqualTo(3);
    assertThat(paused(changed)).isFalse();
  }

  @Test
  void whatIsHeldStaysHeldWhateverTheRequestSays() {
    setImage("registry/app:2");
    assertThat(paused(api.patch(MERGE, apps("deployments/web"), "{spec: {paused: false}}")))
        .isTrue();
    assertThat(paused(api.patch(MERGE, apps("deployments/web"), "{spec: {paused: null}}")))
        .isTrue();
    var replacement = Calls.yaml(manifest("web", "{serin.dev/canary: web}", "registry/app:3"));
    var replaced = api.put(apps("deployments/web"), replacement);
    assertThat(replaced.code()).isEqualTo(200);
    assertThat(paused(replaced)).isTrue();
    // Back at the template that runs, it is Serin who lets it go.
    assertThat(paused(setImage("registry/app:1"))).isTrue();
  }

  @Test
  void theMarkOfTheAdoptionCannotBeTakenAway() {
    var patched =
        api.patch(MERGE, apps("deployments/web"), "{metadata: {labels: {serin.dev/canary: null}}}");
    assertThat(mark(patched)).isEqualTo("web");
    assertThat(paused(patched)).isFalse();
    var renamed =
        api.patch(MERGE, apps("deployments/web"), "{metadata: {labels: {serin.dev/canary: x}}}");
    assertThat(mark(renamed)).isEqualTo("web");
    var bare = (ObjectNode) Calls.yaml(manifest("web", "{}", "registry/app:2"));
    ((ObjectNode) bare.path("metadata")).remove("labels");
    var replaced = api.put(apps("deployments/web"), bare);
    assertThat(mark(replaced)).isEqualTo("web");
    assertThat(paused(replaced)).isTrue();
  }

  @Test
  void aForcedApplyDoesNotReleaseIt() {
    setImage("registry/app:2");
    var applied =
        api.patch(
            APPLY,
            apps("deployments/web") + "?fieldManager=gitops&force=true",
            manifest("web", "{team: a}", "registry/app:3")
                .replace("  replicas: 0", "  paused: false\n  replicas: 0"));
    assertThat(applied.code()).as("%s", applied).isEqualTo(200);
    assertThat(paused(applied)).isTrue();
    assertThat(mark(applied)).isEqualTo("web");
  }

  @Test
  void whatIsHeldCanBeScaled() {
    setImage("registry/app:2");
    var scaled = api.patch(MERGE, apps("deployments/web/scale"), "{spec: {replicas: 0}}");
    assertThat(scaled.code()).isEqualTo(200);
    assertThat(paused(now())).isTrue();
  }

  @Test
  void serinReleases() {
    setImage("registry/app:2");
    var released =
        api.as(token("serin")).patch(MERGE, apps("deployments/web"), "{spec: {paused: null}}");
    assertThat(released.code()).as("%s", released).isEqualTo(200);
    assertThat(paused(released)).isFalse();
  }

  @Test
  void brokenGlassLiftsTheHold() {
    setImage("registry/app:2");
    var broken =
        api.patch(
            MERGE,
            apps("deployments/web"),
            "{metadata: {annotations: {serin.dev/bypass: on fire}}, spec: {paused: false}}");
    assertThat(paused(broken)).isFalse();
    assertThat(paused(setImage("registry/app:3"))).isFalse();
    var mended =
        api.patch(
            MERGE, apps("deployments/web"), "{metadata: {annotations: {serin.dev/bypass: ''}}}");
    assertThat(paused(mended)).isFalse();
    assertThat(paused(setImage("registry/app:4"))).isTrue();
  }

  @Test
  void whatIsNotAdoptedIsNotTouched() {
    create("other", "{team: a}");
    var changed =
        api.patch(
            Calls.STRATEGIC,
            apps("deployments/other"),
            "{spec: {template: {spec: {containers: [{name: app, image: 'registry/app:2'}]}}}}");
    assertThat(paused(changed)).isFalse();
    // To be adopted is no change of a revision.
    var adopted =
        api.patch(
            MERGE, apps("deployments/other"), "{metadata: {labels: {serin.dev/canary: other}}}");
    assertThat(paused(adopted)).isFalse();
  }

  @Test
  void whoCommandsIsFilledIn() {
    var made = command(token("dev"), "{canary: web, command: approve, revision: r}");
    assertThat(made.code()).as("%s", made).isEqualTo(201);
    assertThat(made.text("spec", "by")).isEqualTo("dev");
  }

  @Test
  void nobodySpeaksForAnother() {
    var refused = command(token("dev"), "{canary: web, command: approve, revision: r, by: boss}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.reason()).isEqualTo("Forbidden");
    assertThat(refused.message())
        .contains("spec.by is \"boss\"; nobody speaks for another, so leave it out or say \"dev\"");
  }

  @Test
  void aCommandTakesItsVerbOnTheCanary() {
    var refused = command(token("dev"), "{canary: web, command: abort, revision: r}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .contains(
            "dev may not abort canaries in %s; it takes the verb \"abort\" on canaries of serin.dev"
                .formatted(namespace));
    assertThat(command(token("dev"), "{canary: web, command: reject, revision: r}").code())
        .isEqualTo(201);
  }

  @Test
  void serinSpeaksForPeopleInSlackAndForNobodyElse() {
    var relayed =
        command(token("serin"), "{canary: web, command: promote, revision: r, by: 'slack:U123'}");
    assertThat(relayed.code()).as("%s", relayed).isEqualTo(201);
    assertThat(relayed.text("spec", "by")).isEqualTo("slack:U123");
    assertThat(
            command(token("serin"), "{canary: web, command: promote, revision: r, by: dev}").code())
        .isEqualTo(403);
    assertThat(
            command(token("dev"), "{canary: web, command: approve, revision: r, by: 'slack:U1'}")
                .code())
        .isEqualTo(403);
  }

  @Test
  void whoMayListOneObjectHasToAskForItByItsName() {
    var serin = api.as(token("serin"));
    var policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    var named = policies + "?fieldSelector=metadata.name%3Dserin-commands";

    assertThat(serin.get(named).code()).isEqualTo(200);
    assertThat(serin.get(named + "&watch=true&timeoutSeconds=1").code()).isEqualTo(200);
    assertThat(serin.get(policies).code()).isEqualTo(403);
    assertThat(serin.get(policies + "?fieldSelector=metadata.name%3Danother").code())
        .isEqualTo(403);
  }

  @Test
  void aCommandNeverChanges() {
    var made = command(token("dev"), "{canary: web, command: approve, revision: r}");
    var changed =
        api.patch(
            MERGE,
            "/apis/serin.dev/v1beta1/namespaces/%s/canarycommands/%s"
                .formatted(namespace, made.text("metadata", "name")),
            "{spec: {revision: s}}");
    assertThat(changed.code()).isEqualTo(422);
    assertThat(changed.message()).contains("a command never changes; make another one");
  }
}
