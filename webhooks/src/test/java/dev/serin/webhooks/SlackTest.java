package dev.serin.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.alert.Alert;
import dev.serin.alert.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SlackTest extends NotifierContract {

  @Override
  String type() {
    return "slack";
  }

  private JsonNode sent() {
    return server.asked().getLast().json();
  }

  private static List<JsonNode> texts(JsonNode message) {
    var texts = new ArrayList<JsonNode>();
    for (var block : message.at("/attachments/0/blocks")) {
      if (block.has("text")) {
        texts.add(block.path("text"));
      }
      block.path("fields").forEach(texts::add);
      block.path("elements").forEach(texts::add);
    }
    return texts;
  }

  @Test
  void colourSaysHowBadItIs() {
    var colours = new ArrayList<String>();
    for (var severity : Severity.values()) {
      notifier().tell(alert(severity, "x"));
      colours.add(sent().at("/attachments/0/color").asText());
    }
    assertThat(colours).doesNotHaveDuplicates().allMatch(colour -> colour.matches("#[0-9a-f]{6}"));
  }

  @Test
  void reasonCanNeitherNameAnybodyNorLeadAnywhere() {
    notifier().tell(alert(Severity.ERROR, "<!channel> <@U1> <http://evil.example|click> & @here"));
    var texts = texts(sent());
    assertThat(texts).isNotEmpty();
    for (var text : texts) {
      assertThat(text.path("type").asText()).isEqualTo("plain_text");
      assertThat(text.path("text").asText()).doesNotContain("<", ">");
    }
    assertThat(texts.getFirst().path("text").asText())
        .isEqualTo("&lt;!channel&gt; &lt;@U1&gt; &lt;http://evil.example|click&gt; &amp; @here");
    assertThat(sent().path("text").asText()).isEqualTo("shop/web: RolledBack");
  }

  @Test
  void textsAreCutToWhatSlackTakes() {
    notifier().tell(alert(Severity.ERROR, "<".repeat(10_000)));
    assertThat(texts(sent())).allMatch(text -> text.path("text").asText().length() <= 3000);
    assertThat(texts(sent()).getFirst().path("text").asText()).endsWith("&lt;…");
    notifier().tell(alert(Severity.ERROR, "x".repeat(10_000)));
    assertThat(texts(sent()).getFirst().path("text").asText()).hasSize(2900).endsWith("x…");
  }

  @Test
  void messageStaysOneThatSlackTakesHoweverMuchSpeaksAgainstARevision() {
    var finding =
        new Alert.Finding(
            "<!channel>", "FAILED", "<".repeat(5000), OptionalDouble.empty(), "", "&", "");
    notifier().tell(alert(Severity.ERROR, "x", Collections.nCopies(60, finding)));
    assertThat(sent().at("/attachments/0/blocks").size()).isLessThanOrEqualTo(50);
    assertThat(texts(sent()))
        .allMatch(text -> text.path("text").asText().length() <= 2000)
        .noneMatch(text -> text.path("text").asText().contains("<"));
  }

  @Test
  void channelAndNameGoWhereTheyAreGiven() {
    var settings =
        new NotifierSettings(
            "slack", server.address("/").toString(), "#deploys", "serin", "", Map.of());
    if (new Notifiers(post.courier).of(settings) instanceof Built.Ready(var slack)) {
      slack.tell(alert());
    }
    assertThat(sent().path("channel").asText()).isEqualTo("#deploys");
    assertThat(sent().path("username").asText()).isEqualTo("serin");
    notifier().tell(alert());
    assertThat(sent().has("channel")).isFalse();
  }

  @Test
  void refusalOfTheWebApiIsNoSuccess() {
    server.answering(200, "{\"ok\":false,\"error\":\"channel_not_found\"}");
    assertThat(notifier().tell(alert()))
        .hasValueSatisfying(why -> assertThat(why).contains("channel_not_found"));
  }
}
