package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.List;
import java.util.Optional;

/// The answer of the API server when it refuses, worded as Kubernetes words it.
///
/// @param code HTTP status code
/// @param reason machine-readable reason, e.g. `NotFound`; "" for none
/// @param message for people
/// @param subject what it is about
/// @param causes what is wrong in detail
/// @param retryAfterSeconds when the server wants to be asked again; empty for never
public record Status(
    int code,
    String reason,
    String message,
    Subject subject,
    List<FieldError> causes,
    Optional<Integer> retryAfterSeconds) {

  /// What a status is about; every part may be "".
  ///
  /// @param group API group
  /// @param kind plural resource name, or the kind where Kubernetes says so
  /// @param name name of the object
  /// @param uid UID of the object
  public record Subject(String group, String kind, String name, String uid) {
    static final Subject NONE = new Subject("", "", "", "");

    static Subject of(Kind kind, String name) {
      return new Subject(kind.group(), kind.plural(), name, "");
    }
  }

  public Status {
    causes = List.copyOf(causes);
  }

  Status(int code, String reason, String message, Subject subject) {
    this(code, reason, message, subject, List.of(), Optional.empty());
  }

  Status retryAfter(int seconds) {
    return new Status(code, reason, message, subject, causes, Optional.of(seconds));
  }

  /// The `v1` `Status` object.
  public ObjectNode toJson() {
    var json = Json.object();
    json.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    json.put("status", code < 400 ? "Success" : "Failure");
    if (!message.isEmpty()) {
      json.put("message", message);
    }
    if (!reason.isEmpty()) {
      json.put("reason", reason);
    }
    var details = Json.object();
    putUnlessEmpty(details, "name", subject.name());
    putUnlessEmpty(details, "group", subject.group());
    putUnlessEmpty(details, "kind", subject.kind());
    putUnlessEmpty(details, "uid", subject.uid());
    if (!causes.isEmpty()) {
      var list = details.putArray("causes");
      for (FieldError cause : causes) {
        var item = list.addObject();
        putUnlessEmpty(item, "reason", cause.reason());
        putUnlessEmpty(item, "message", cause.body());
        putUnlessEmpty(item, "field", cause.field());
      }
    }
    retryAfterSeconds.ifPresent(s -> details.put("retryAfterSeconds", s));
    if (!details.isEmpty()) {
      json.set("details", details);
    }
    json.put("code", code);
    return json;
  }

  private static void putUnlessEmpty(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
