package dev.serin.controller.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What Serin wrote into a routing object, noted on it as an annotation: matches and cookies cannot
/// be read back from the rules that were made of them. The note is never trusted, the object has to
/// say what follows from it.
///
/// @param split that the rules were made of
/// @param session marks the users of this rollout's canary in cookies, so that cookies of former
///   rollouts mean nothing; empty without affinity
/// @param of fingerprint of the whole generated content; empty for a borrowed object
record Note(TrafficSplit split, String session, String of) {
  static final String ANNOTATION = "serin.dev/route";

  /// The note on an object, if there is one that can be read.
  static Optional<Note> on(ObjectNode object) {
    var text = object.path("metadata").path("annotations").path(ANNOTATION);
    try {
      return text.isTextual() ? Optional.of(read(text.textValue())) : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  String text() {
    var note = Json.object().put("canary", split.canary());
    if (split.mirrored() > 0) {
      note.put("mirrored", split.mirrored());
    }
    if (!split.matches().isEmpty()) {
      note.set("matches", split.matches().stream().map(Note::match).collect(Json.toArray()));
    }
    split
        .affinity()
        .ifPresent(
            kept ->
                note.putObject("affinity")
                    .put("cookie", kept.cookie())
                    .put("seconds", kept.maxAge().toSeconds())
                    .put("session", session));
    if (!of.isEmpty()) {
      note.put("of", of);
    }
    return Json.write(note);
  }

  private static JsonNode match(RequestMatch match) {
    return match.conditions().stream()
        .map(
            condition ->
                Json.object()
                    .put("source", lower(condition.source()))
                    .put("name", condition.name())
                    .put(lower(condition.comparison()), condition.value()))
        .collect(Json.toArray());
  }

  private static Note read(String text) throws JsonProcessingException {
    var note = Json.MAPPER.readTree(text);
    var affinity = note.path("affinity");
    var split =
        new TrafficSplit(
            note.path("canary").intValue(),
            note.path("mirrored").intValue(),
            note.path("matches").valueStream().map(Note::match).toList(),
            affinity.isObject()
                ? Optional.of(
                    new Affinity(
                        affinity.path("cookie").asText(),
                        Duration.ofSeconds(affinity.path("seconds").longValue())))
                : Optional.empty());
    return new Note(split, affinity.path("session").asText(""), note.path("of").asText(""));
  }

  private static RequestMatch match(JsonNode conditions) {
    return new RequestMatch(conditions.valueStream().map(Note::condition).toList());
  }

  private static Condition condition(JsonNode condition) {
    var comparison =
        List.of(Comparison.values()).stream()
            .filter(candidate -> condition.has(lower(candidate)))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a condition without comparison"));
    return new Condition(
        Source.valueOf(condition.path("source").asText().toUpperCase(Locale.ROOT)),
        condition.path("name").asText(),
        comparison,
        condition.path(lower(comparison)).asText());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
