package dev.serin.controller.cluster;

import dev.serin.cluster.Kind;
import dev.serin.cluster.UnreadableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Which kinds the server knows. Looked up once per API group version, and again when a definition
/// of the group changed.
final class Discovery {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /// For when nothing tells of new definitions, because they may not be watched.
  private static final Duration LASTS = Duration.ofMinutes(2);

  private record Answer(Set<String> plurals, Instant until) {}

  private final Transport transport;
  private final InstantSource clock;
  private final BooleanSupplier told;
  private final Map<String, Answer> answers = new HashMap<>();

  /// @param told whether [#forget] is called when something is installed
  Discovery(Transport transport, InstantSource clock, BooleanSupplier told) {
    this.transport = transport;
    this.clock = clock;
    this.told = told;
  }

  /// @throws UnreadableException when the server does not say
  synchronized boolean serves(Kind kind) {
    var path = Paths.groupVersion(kind);
    var known = answers.get(path);
    var now = clock.instant();
    var old = known != null && now.isAfter(known.until()) && !told.getAsBoolean();
    if (known == null || (known.plurals().isEmpty() && old)) {
      known = new Answer(look(path), now.plus(LASTS));
      answers.put(path, known);
    }
    return known.plurals().contains(kind.plural());
  }

  /// What was found out last, without asking.
  synchronized boolean believedServed(Kind kind) {
    var known = answers.get(Paths.groupVersion(kind));
    return known != null && known.plurals().contains(kind.plural());
  }

  /// Whether a version of the group was looked for and not found.
  synchronized boolean misses(String group) {
    return answers.entrySet().stream()
        .anyMatch(
            answer ->
                answer.getKey().startsWith("/apis/" + group + "/")
                    && answer.getValue().plurals().isEmpty());
  }

  synchronized void forget(String group) {
    answers.keySet().removeIf(path -> path.startsWith("/apis/" + group + "/"));
  }

  private Set<String> look(String path) {
    try {
      var reply = transport.send(Call.get(path, DEADLINE));
      if (reply.code() == 404) {
        return Set.of();
      }
      if (!reply.ok()) {
        throw new UnreadableException(
            "the API server does not say what " + path + " has: " + reply.message());
      }
      var plurals = new HashSet<String>();
      reply
          .body()
          .path("resources")
          .forEach(resource -> plurals.add(resource.path("name").asText()));
      return plurals;
    } catch (IOException e) {
      throw new UnreadableException("the API server does not answer: " + e.getMessage());
    }
  }
}
