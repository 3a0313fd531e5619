package dev.serin.webhooks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.alert.Alert;
import dev.serin.alert.Notifier;
import dev.serin.alert.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Slack, by an incoming webhook, or by `chat.postMessage` with a bot's token.
///
/// Reads of a Secret: `address`, `token`. Texts of others are plain text with `&`, `<` and `>`
/// escaped: they can name nobody and lead nowhere.
final class Slack implements Notifier {
  /// Slack refuses a message with longer texts.
  private static final int LONGEST_TEXT = 2900;

  private static final int LONGEST_FIELD = 1900;
  private static final int MOST_FIELDS = 10;

  /// Slack takes 50 blocks; nobody reads so many on a phone.
  private static final int MOST_FINDINGS = 10;

  private final Destination destination;
  private final Courier courier;

  Slack(Destination destination, Courier courier) {
    this.destination = destination;
    this.courier = courier;
  }

  @Override
  public Optional<String> tell(Alert alert) {
    var letter = destination.letter(alert.id(), "application/json", message(alert).toString());
    return switch (courier.send(letter)) {
      // The Web API says no with code 200.
      case Reply.Answered answered
          when answered.isYes() && !answered.words().startsWith("{\"ok\":false") ->
          Optional.empty();
      case Reply.Answered answered -> Optional.of(answered.place() + " " + answered.inWords());
      case Reply.Silent(var reason, _) -> Optional.of(reason);
    };
  }

  private ObjectNode message(Alert alert) {
    var message = JsonNodeFactory.instance.objectNode();
    if (!destination.channel().isEmpty()) {
      message.put("channel", destination.channel());
    }
    if (!destination.username().isEmpty()) {
      message.put("username", destination.username());
    }
    // What a phone shows; names of Kubernetes objects and our own words only.
    message.put("text", alert.namespace() + "/" + alert.canary() + ": " + alert.kind());
    var attachment = message.putArray("attachments").addObject();
    attachment.put("color", color(alert.severity()));
    var blocks = attachment.putArray("blocks");
    plain(blocks.addObject().put("type", "section").putObject("text"), alert.text(), LONGEST_TEXT);
    alert.findings().stream().limit(MOST_FINDINGS).forEach(finding -> show(finding, blocks));
    if (!alert.fields().isEmpty()) {
      fields(alert, blocks);
    }
    var context = blocks.addObject().put("type", "context").putArray("elements");
    plain(
        context.addObject(),
        "phase %s%s · %s"
            .formatted(
                alert.phase(),
                alert.revision().isEmpty() ? "" : " · revision " + alert.revision(),
                alert.at()),
        LONGEST_FIELD);
    return message;
  }

  /// What a check said first, and what that rests on below it.
  private static void show(Alert.Finding finding, ArrayNode blocks) {
    var lines = new ArrayList<String>();
    lines.add(finding.check() + ": " + finding.reason());
    add(lines, "limit", finding.limit());
    add(lines, "evidence", finding.evidence());
    add(lines, "asked", finding.query());
    plain(
        blocks.addObject().put("type", "context").putArray("elements").addObject(),
        String.join("\n", lines),
        LONGEST_FIELD);
  }

  private static void add(List<String> lines, String name, String text) {
    if (!text.isEmpty()) {
      lines.add(name + ": " + text);
    }
  }

  private static void fields(Alert alert, ArrayNode blocks) {
    var fields = blocks.addObject().put("type", "section").putArray("fields");
    alert.fields().entrySet().stream()
        .limit(MOST_FIELDS)
        .forEach(
            field ->
                plain(fields.addObject(), field.getKey() + "\n" + field.getValue(), LONGEST_FIELD));
  }

  private static void plain(ObjectNode into, String text, int longest) {
    into.put("type", "plain_text").put("text", escaped(text, longest)).put("emoji", false);
  }

  /// Cut before it is escaped, so that no entity is cut; an entity is five letters at most.
  private static String escaped(String text, int longest) {
    int most = longest / 5;
    var cut = text.length() > longest ? text.substring(0, longest - 1) + "…" : text;
    var escaped = escape(cut);
    return escaped.length() > longest ? escape(text.substring(0, most - 1) + "…") : escaped;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String color(Severity severity) {
    return switch (severity) {
      case INFO -> "#2eb67d";
      case WARN -> "#ecb22e";
      case ERROR -> "#e01e5a";
    };
  }
}
