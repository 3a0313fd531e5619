package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternsTest {

  private static final String CANARY =
      """
      apiVersion: serin.dev/v1beta1
      kind: Canary
      metadata: {name: web, namespace: shop}
      spec:
        targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        provider: gatewayapi
        service: {port: 80, gatewayRefs: [{name: public}]}
        analysis:
          interval: 10s
          iterations: 3
          match: [{cookies: {canary: {}}}]
      """;

  /// The pattern of the `Cookie` header for what `spec.analysis.match` says of a cookie `canary`.
  private static Pattern cookie(String declared) {
    try {
      var canary = (ObjectNode) new YAMLMapper().readTree(CANARY.replace("{}", declared));
      return switch (CanaryParser.parse(canary, Settings.of("gatewayapi", Meshes.all()))) {
        case Parsed.Valid(var valid) ->
            Pattern.compile(
                Patterns.cookie(
                    valid
                        .plan()
                        .steps()
                        .getFirst()
                        .split()
                        .matches()
                        .getFirst()
                        .conditions()
                        .getFirst()));
        case Parsed.Invalid invalid -> throw new AssertionError(invalid.inWords());
      };
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '"',
      textBlock =
          """
          {exact: always}           > canary=always
          {exact: a.b}              > canary=a.b
          {prefix: al}              > canary=always
          {prefix: al}              > canary=al
          {suffix: ways}            > canary=always
          {suffix: ways}            > canary=ways
          {regex: 'always|often'}   > canary=often
          {regex: 'al[^;]*'}        > canary=always
          """)
  void cookieIsFoundWhereverItStandsInTheHeader(String declared, String meant) {
    assertThat(
            List.of(
                meant,
                "mode=dark; " + meant,
                "mode=dark;" + meant,
                meant + "; mode=dark",
                "a=1; canary=never; " + meant + "; mode=dark; b=2"))
        .allMatch(header -> cookie(declared).matcher(header).matches());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '"',
      textBlock =
          """
          {exact: always}           > never
          {exact: always}           > alwaysly
          {exact: a.b}              > aXb
          {prefix: al}              > real
          {suffix: always}          > never
          {suffix: always}          > alwaysly
          {suffix: .always}         > Xalways
          {regex: 'always|often'}   > oftener
          {regex: '[^;]*always'}    > never
          """)
  void whatOtherCookiesSayIsNotTheCookie(String declared, String other) {
    var value = "canary=" + other;
    assertThat(
            List.of(
                value,
                value + "; mode=always",
                value + "; mode=.always; often=al",
                "mode=always; " + value,
                "mode=al; " + value + "; mode=a.b",
                "mycanary=always; canary.always; mode=often"))
        .noneMatch(header -> cookie(declared).matcher(header).matches());
  }

  @Test
  void dotOfAUsersExpressionMayReachIntoTheCookiesBehindIt() {
    assertThat(cookie("{regex: '.*always'}").matcher("canary=never; mode=always").matches())
        .as("as docs/canary.md says: no `;` may be matched")
        .isTrue();
  }
}
