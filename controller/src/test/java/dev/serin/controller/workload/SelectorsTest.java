package dev.serin.controller.workload;

import static dev.serin.controller.workload.Yaml.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
  private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | true",
        "{matchLabels: {app: web}} | true",
        "{matchLabels: {app: web, tier: back}} | false",
        "{matchExpressions: [{key: app, operator: In, values: [web, api]}]} | true",
        "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]} | false",
        "{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]} | true",
        "{matchExpressions: [{key: app, operator: Exists}]} | true",
        "{matchExpressions: [{key: zone, operator: Exists}]} | false",
        "{matchExpressions: [{key: zone, operator: DoesNotExist}]} | true",
        "{matchExpressions: [{key: app, operator: Gt, values: [1]}]} | false",
      })
  void selectorSelectsOrDoesNot(String selector, boolean selects) {
    assertThat(Selectors.selects(yaml(selector), LABELS)).isEqualTo(selects);
  }

  @Test
  void missingSelectorSelectsNothing() {
    assertThat(Selectors.selects(yaml("{}").path("selector"), LABELS)).isFalse();
    assertThat(Selectors.selects(Map.of(), LABELS)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'{name: a, app: web}', app",
    "'{app.kubernetes.io/name: web, zone: b}', app.kubernetes.io/name",
    "'{zone: b, color: c}', color",
  })
  void selectorLabelIsTheWellKnownOneOrTheFirst(String labels, String key) {
    var target = yaml("{spec: {selector: {matchLabels: " + labels + "}}}");

    assertThat(SelectorLabel.of(target).orElseThrow().key()).isEqualTo(key);
  }
}
