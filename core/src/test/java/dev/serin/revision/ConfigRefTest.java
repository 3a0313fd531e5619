package dev.serin.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serin.parse.Yaml;
import org.junit.jupiter.api.Test;

class ConfigRefTest {

  @Test
  void everyUseIsFoundAndEachObjectOnce() {
    var template =
        Yaml.object(
            """
            spec:
              imagePullSecrets: [{name: registry}]
              initContainers:
                - envFrom: [{configMapRef: {name: init, optional: true}}]
              containers:
                - env:
                    - {name: A, value: plain}
                    - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: b}}}
                    - {name: C, valueFrom: {secretKeyRef: {name: tokens, key: c, optional: true}}}
                    - {name: D, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                  envFrom: [{secretRef: {name: more}}]
              volumes:
                - {name: v1, configMap: {name: settings, optional: true}}
                - {name: v2, secret: {secretName: tls}}
                - {name: v3, emptyDir: {}}
                - name: v4
                  projected:
                    sources:
                      - {configMap: {name: extra, optional: true}}
                      - {secret: {name: tokens, optional: true}}
                      - {serviceAccountToken: {path: token}}
            """);

    assertThat(ConfigRef.of(template))
        .extracting(ConfigRef::key, ConfigRef::optional, ConfigRef::mounted)
        .containsExactly(
            tuple("configmap/extra", true, true),
            tuple("configmap/init", true, false),
            tuple("configmap/settings", false, true),
            tuple("secret/more", false, false),
            tuple("secret/tls", false, true),
            tuple("secret/tokens", true, true));
  }

  @Test
  void onlyTheContentOfAnObjectCounts() {
    var object = Yaml.object("{metadata: {name: a}, data: {x: '1'}}");
    var relabelled =
        Yaml.object("{metadata: {name: a, labels: {l: m}}, data: {x: '1'}, binaryData: {}}");
    var changed = Yaml.object("{metadata: {name: a}, data: {x: '1'}, binaryData: {y: Zm9v}}");

    assertThat(ConfigRef.checksum(relabelled)).isEqualTo(ConfigRef.checksum(object));
    assertThat(ConfigRef.checksum(changed)).isNotEqualTo(ConfigRef.checksum(object));
  }

  @Test
  void anObjectCanOptOut() {
    assertThat(ConfigRef.isTracked(Yaml.object("{metadata: {name: a}}"))).isTrue();
    assertThat(
            ConfigRef.isTracked(
                Yaml.object("{metadata: {annotations: {serin.dev/config-tracking: disabled}}}")))
        .isFalse();
  }
}
