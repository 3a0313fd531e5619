package dev.serin.controller.workload;

import static dev.serin.controller.workload.Yaml.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoscalerObjectsTest {
  private static final ObjectNode SCALED =
      yaml(
          "{metadata: {name: web, namespace: shop, resourceVersion: \"5\"}, spec: {scaleTargetRef:"
              + " {name: web}}}");

  private static ObjectNode horizontal(String behavior) {
    return yaml(
        "{metadata: {name: web, namespace: shop, resourceVersion: \"5\", annotations:"
            + " {serin.dev/held: \"true\"}}, spec: {scaleTargetRef: {kind: Deployment, name: web}"
            + behavior
            + "}}");
  }

  @Test
  void kedaIsHeldByItsOwnAnnotation() {
    var change = (Change.Merge) new Autoscaler.Keda(SCALED).hold();

    assertThat(change.patch().at("/metadata/annotations/autoscaling.keda.sh~1paused-scale-in"))
        .isEqualTo(JsonNodeFactory.instance.textNode("true"));
    assertThat(change.patch().at("/metadata/resourceVersion").asText()).isEqualTo("5");
  }

  @Test
  void kedaGetsItsAnnotationBackOrLosesIt() {
    var keda = new Autoscaler.Keda(SCALED);
    var gone = (Change.Merge) keda.giveBack(NullNode.getInstance());
    var back = (Change.Merge) keda.giveBack(JsonNodeFactory.instance.textNode("false"));

    assertThat(gone.patch().at("/metadata/annotations/autoscaling.keda.sh~1paused-scale-in"))
        .isEqualTo(NullNode.getInstance());
    assertThat(
            back.patch().at("/metadata/annotations/autoscaling.keda.sh~1paused-scale-in").asText())
        .isEqualTo("false");
  }

  @Test
  void autoscalerThatKedaMadeIsKedas() {
    var made = horizontal("");
    made.withObject("/metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("kind", "ScaledObject");

    assertThat(Autoscaler.of(Kind.DEPLOYMENT, "web", List.of(made), List.of(SCALED)))
        .singleElement()
        .isInstanceOf(Autoscaler.Keda.class);
  }

  @Test
  void autoscalerOfAnotherTargetIsLeftAlone() {
    assertThat(Autoscaler.of(Kind.DEPLOYMENT, "api", List.of(horizontal("")), List.of(SCALED)))
        .isEmpty();
  }

  @Test
  void behaviorThatOnlyDefaultsFilledInIsRemoved() {
    var held =
        horizontal(
            ", behavior: {scaleDown: {selectPolicy: Disabled}, scaleUp:"
                + " {stabilizationWindowSeconds: 0, selectPolicy: Max, policies: [{type: Pods,"
                + " value: 4, periodSeconds: 15}, {type: Percent, value: 100, periodSeconds:"
                + " 15}]}}");

    var change = (Change.Patch) new Autoscaler.Horizontal(held).giveBack(NullNode.getInstance());

    assertThat(change.operations().path(0).toString())
        .isEqualTo("{\"op\":\"remove\",\"path\":\"/spec/behavior\"}");
    assertThat(change.operations().path(1).path("path").asText())
        .isEqualTo("/metadata/annotations/serin.dev~1held");
  }

  @Test
  void behaviorThatSomebodyChoseMeanwhileStays() {
    var held =
        horizontal(
            ", behavior: {scaleDown: {selectPolicy: Disabled}, scaleUp:"
                + " {stabilizationWindowSeconds: 60, selectPolicy: Max, policies: []}}");

    var change = (Change.Patch) new Autoscaler.Horizontal(held).giveBack(NullNode.getInstance());

    assertThat(change.operations().path(0).toString())
        .isEqualTo(
            "{\"op\":\"add\",\"path\":\"/spec/behavior/scaleDown/selectPolicy\",\"value\":\"Max\"}");
  }
}
