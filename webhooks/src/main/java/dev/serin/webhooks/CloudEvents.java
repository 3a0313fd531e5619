package dev.serin.webhooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.alert.Alert;
import dev.serin.alert.Notifier;
import java.util.Locale;
import java.util.Optional;

/// Any server that takes [CloudEvents](https://cloudevents.io) 1.0 in structured JSON.
///
/// Reads of a Secret: `address`, `token` for a bearer token, `hmac-key` for a signature.
final class CloudEvents implements Notifier {
  private final Destination destination;
  private final Courier courier;

  CloudEvents(Destination destination, Courier courier) {
    this.destination = destination;
    this.courier = courier;
  }

  @Override
  public Optional<String> tell(Alert alert) {
    var reply =
        courier.send(destination.letter(alert.id(), "application/cloudevents+json", event(alert)));
    return switch (reply) {
      case Reply.Answered answered when answered.isYes() -> Optional.empty();
      case Reply.Answered answered -> Optional.of(answered.place() + " " + answered.inWords());
      case Reply.Silent(var reason, _) -> Optional.of(reason);
    };
  }

  private static String event(Alert alert) {
    var event =
        JsonNodeFactory.instance
            .objectNode()
            .put("specversion", "1.0")
            .put("id", alert.id())
            .put(
                "source",
                "/apis/serin.dev/v1beta1/namespaces/%s/canaries/%s"
                    .formatted(alert.namespace(), alert.canary()))
            .put("type", "dev.serin.canary." + alert.kind())
            .put("subject", alert.namespace() + "/" + alert.canary())
            .put("time", alert.at().toString())
            .put("datacontenttype", "application/json");
    var data =
        event
            .putObject("data")
            .put("namespace", alert.namespace())
            .put("canary", alert.canary())
            .put("phase", alert.phase())
            .put("revision", alert.revision())
            .put("kind", alert.kind())
            .put("severity", alert.severity().name().toLowerCase(Locale.ROOT))
            .put("text", alert.text());
    if (!alert.findings().isEmpty()) {
      var checks = data.putArray("checks");
      alert.findings().forEach(finding -> put(finding, checks.addObject()));
    }
    var fields = data.putObject("fields");
    alert.fields().forEach(fields::put);
    return event.toString();
  }

  private static void put(Alert.Finding finding, ObjectNode into) {
    into.put("name", finding.check())
        .put("verdict", finding.verdict())
        .put("reason", finding.reason());
    finding.value().ifPresent(value -> into.put("value", value));
    putUnlessEmpty(into, "limit", finding.limit());
    putUnlessEmpty(into, "query", finding.query());
    putUnlessEmpty(into, "evidence", finding.evidence());
  }

  private static void putUnlessEmpty(ObjectNode into, String name, String text) {
    if (!text.isEmpty()) {
      into.put(name, text);
    }
  }
}
