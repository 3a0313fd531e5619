package dev.serin.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.alert.Alert;
import dev.serin.alert.Severity;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CloudEventsTest extends NotifierContract {

  @Override
  String type() {
    return "webhook";
  }

  @Test
  void alertIsACloudEventInStructuredJson() {
    notifier().tell(alert());
    var asked = server.only();
    assertThat(asked.header("Content-Type")).isEqualTo("application/cloudevents+json");
    var event = asked.json();
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText()).isEqualTo("4a1f");
    assertThat(event.path("source").asText())
        .isEqualTo("/apis/serin.dev/v1beta1/namespaces/shop/canaries/web");
    assertThat(event.path("type").asText()).isEqualTo("dev.serin.canary.RolledBack");
    assertThat(event.path("subject").asText()).isEqualTo("shop/web");
    assertThat(event.path("time").asText()).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
    assertThat(event.at("/data/severity").asText()).isEqualTo("error");
    assertThat(event.at("/data/phase").asText()).isEqualTo("Failed");
    assertThat(event.at("/data/fields/Failed checks").asText()).isEqualTo("3 of 3");
  }

  @Test
  void eachCheckHasItsFieldsAndNoEmptyOnes() {
    var finding =
        new Alert.Finding(
            "rate", "FAILED", "81.4 %", OptionalDouble.of(81.4), "at least 99 %", "up", "");
    notifier().tell(alert(Severity.ERROR, "rejected", List.of(finding)));
    assertThat(server.only().json().at("/data/checks").toString())
        .isEqualTo(
            "[{\"name\":\"rate\",\"verdict\":\"FAILED\",\"reason\":\"81.4 %\",\"value\":81.4,"
                + "\"limit\":\"at least 99 %\",\"query\":\"up\"}]");
  }

  @Test
  void textsOfOthersStayTexts() {
    notifier().tell(alert(Severity.INFO, "\"},{\"kind\":\"Promoted"));
    assertThat(server.only().json().at("/data/text").asText())
        .isEqualTo("\"},{\"kind\":\"Promoted");
  }
}
