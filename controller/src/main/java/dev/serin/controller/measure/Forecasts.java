package dev.serin.controller.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// What was foretold of each Canary's revision, once.
final class Forecasts {

  /// How long a server that could not tell is left alone.
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Executor executor;
  private final Forecaster forecaster;
  private final Map<Key, Told> told = new ConcurrentHashMap<>();

  private record Key(String namespace, String name) {}

  /// @param at when it was asked
  /// @param forecast empty while it is not answered
  private record Told(String revision, Instant at, Optional<Forecast> forecast) {

    boolean covers(Assignment assignment) {
      return revision.equals(assignment.revision())
          && (forecast.isPresent() || assignment.at().isBefore(at.plus(PAUSE)));
    }
  }

  Forecasts(Executor executor, Forecaster forecaster) {
    this.executor = executor;
    this.forecaster = forecaster;
  }

  Optional<Forecast> known(String namespace, String name) {
    return Optional.ofNullable(told.get(new Key(namespace, name))).flatMap(Told::forecast);
  }

  void forget(String namespace, String name) {
    told.remove(new Key(namespace, name));
  }

  /// Asks unless it is known or was asked a short while ago; returns at once.
  ///
  /// @param answered run when there is an answer
  void ask(Assignment assignment, Runnable answered) {
    var key = new Key(assignment.namespace(), assignment.name());
    var before = told.get(key);
    if (before != null && before.covers(assignment)) {
      return;
    }
    var asking = new Told(assignment.revision(), assignment.at(), Optional.empty());
    told.put(key, asking);
    executor.execute(
        () ->
            forecaster
                .foretell(assignment)
                .ifPresent(
                    forecast -> {
                      var answer = new Told(asking.revision, asking.at, Optional.of(forecast));
                      if (told.replace(key, asking, answer)) {
                        answered.run();
                      }
                    }));
  }
}
