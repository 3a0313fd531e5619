package dev.serin.controller.workload;

import static dev.serin.controller.workload.Yaml.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagedTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: 1, b: 2} | {a: 1} | true",
        "{a: 1} | {a: 2} | false",
        "{a: 1.0} | {a: 1} | true",
        "{} | {a: false} | true",
        "{} | {a: 0} | true",
        "{} | {a: ''} | true",
        "{} | {a: {}} | true",
        "{} | {a: []} | true",
        "{} | {a: true} | false",
        "{a: [x, y]} | {a: [x, y]} | true",
        "{a: [x, y]} | {a: [y, x]} | false",
        "{a: [x, y]} | {a: [x]} | false",
        "{a: [{n: 1, m: 2}]} | {a: [{n: 1}]} | true",
        "{a: {b: {c: d}}} | {a: {b: {c: e}}} | false",
      })
  void objectSaysWhatIsWantedOrDoesNot(String actual, String wanted, boolean says) {
    assertThat(Managed.says(yaml(actual), yaml(wanted))).isEqualTo(says);
  }

  @Test
  void repairLeavesLabelsOfOthersAlone() {
    var actual =
        yaml(
            "{metadata: {resourceVersion: \"7\", labels: {theirs: x, a/b: old}}, spec: {p: 1, q:"
                + " 2}}");
    var wanted = yaml("{metadata: {labels: {a/b: new}}, spec: {p: 3}}");

    var change = Managed.repair(Kind.SERVICE.named("shop", "web"), actual, wanted).orElseThrow();

    assertThat(change)
        .isInstanceOfSatisfying(
            Change.Patch.class,
            patch -> {
              assertThat(patch.resourceVersion()).isEqualTo("7");
              assertThat(patch.operations().toString())
                  .isEqualTo(
                      "[{\"op\":\"add\",\"path\":\"/metadata/labels/a~1b\",\"value\":\"new\"},"
                          + "{\"op\":\"add\",\"path\":\"/spec/p\",\"value\":3}]");
            });
  }

  @Test
  void nothingIsRepairedThatIsRight() {
    var object = yaml("{metadata: {labels: {a: b}}, spec: {p: 1, q: 2}}");

    assertThat(
            Managed.repair(
                Kind.SERVICE.named("shop", "web"),
                object,
                yaml("{metadata: {labels: {a: b}}, spec: {p: 1}}")))
        .isEmpty();
  }
}
