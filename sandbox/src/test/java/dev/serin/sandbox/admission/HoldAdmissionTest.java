package dev.serin.sandbox.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.api.WriteOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HoldAdmissionTest {

  private static final String SERIN = "system:serviceaccount:serin:serin";

  private final ApiStore store =
      new ApiStore(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), 1);
  private final ApiClient dev = store.as(Caller.admin());
  private final ApiClient serin = store.as(new Caller(SERIN, java.util.List.of(Caller.MASTERS)));

  @BeforeEach
  void adopt() {
    store.admit(new HoldAdmission(SERIN));
    dev.create(deployment("registry/app:1"));
  }

  private static ObjectNode deployment(String image) {
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    object
        .putObject("metadata")
        .put("name", "web")
        .put("namespace", "default")
        .putObject("labels")
        .put("serin.dev/canary", "web");
    var spec = object.putObject("spec");
    spec.putObject("selector").putObject("matchLabels").put("app", "web");
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", "web");
    template
        .putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "app")
        .put("image", image);
    return object;
  }

  private ObjectNode edit(ApiClient api, Consumer<ObjectNode> change) {
    return api.edit(Kind.DEPLOYMENT, "default", "web", change);
  }

  private static void image(ObjectNode deployment, String image) {
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("image", image);
  }

  private static boolean paused(ObjectNode deployment) {
    return Json.at(deployment, "spec", "paused").asBoolean();
  }

  private boolean paused() {
    return paused(dev.get(Kind.DEPLOYMENT, "default", "web"));
  }

  @Test
  void aChangeOfTheTemplateIsHeldInTheSameRequest() {
    assertThat(paused(edit(dev, d -> image(d, "registry/app:2")))).isTrue();
  }

  @Test
  void otherChangesAreFree() {
    assertThat(paused(edit(dev, d -> Json.child(d, "spec").put("replicas", 5)))).isFalse();
  }

  @Test
  void whatIsHeldStaysHeldWhateverTheRequestSays() {
    edit(dev, d -> image(d, "registry/app:2"));
    edit(dev, d -> Json.child(d, "spec").put("paused", false));
    assertThat(paused()).isTrue();
    var replacement = deployment("registry/app:3");
    dev.update(replacement);
    assertThat(paused()).isTrue();
  }

  @Test
  void theMarkOfTheAdoptionCannotBeTakenAway() {
    var replacement = deployment("registry/app:2");
    ((ObjectNode) replacement.get("metadata")).remove("labels");
    var replaced = dev.update(replacement);
    assertThat(paused(replaced)).isTrue();
    assertThat(Meta.label(replaced, "serin.dev/canary")).isEqualTo("web");
  }

  @Test
  void aForcedApplyDoesNotReleaseIt() {
    edit(dev, d -> image(d, "registry/app:2"));
    var configuration = deployment("registry/app:3");
    Json.child(configuration, "spec").put("paused", false);
    dev.apply(configuration, WriteOptions.as("gitops").forced());
    assertThat(paused()).isTrue();
  }

  @Test
  void serinReleases() {
    edit(dev, d -> image(d, "registry/app:2"));
    edit(serin, d -> Json.child(d, "spec").remove("paused"));
    assertThat(paused()).isFalse();
  }

  @Test
  void brokenGlassLiftsTheHold() {
    edit(dev, d -> image(d, "registry/app:2"));
    edit(
        dev,
        d -> {
          Json.child(Json.child(d, "metadata"), "annotations").put("serin.dev/bypass", "on fire");
          Json.child(d, "spec").remove("paused");
        });
    assertThat(paused()).isFalse();
  }

  @Test
  void whatIsNotAdoptedIsNotTouched() {
    var other = deployment("registry/app:1");
    ((ObjectNode) other.get("metadata")).put("name", "other").remove("labels");
    dev.create(other);
    var changed = dev.edit(Kind.DEPLOYMENT, "default", "other", d -> image(d, "registry/app:2"));
    assertThat(paused(changed)).isFalse();
  }
}
