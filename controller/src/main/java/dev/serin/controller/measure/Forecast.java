package dev.serin.controller.measure;

import dev.serin.judge.Outlook;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the comparisons of a Canary can find out about a revision, told before it gets traffic.
///
/// @param revision that it is about
/// @param outlooks of each comparison, by the name of its check
public record Forecast(String revision, Map<String, Outlook> outlooks) {

  public Forecast {
    outlooks = new LinkedHashMap<>(outlooks);
  }

  /// Why checks will not pass a good version in time, with what would help; empty when they can.
  public Optional<String> tooWeak() {
    return each(Outlook::tooWeak);
  }

  /// That bad requests come together, so that everything takes longer; empty when they do not.
  public Optional<String> bursts() {
    return each(Outlook::bursts);
  }

  private Optional<String> each(Function<Outlook, Optional<String>> words) {
    var told =
        outlooks.entrySet().stream()
            .flatMap(
                outlook ->
                    words
                        .apply(outlook.getValue())
                        .map(said -> outlook.getKey() + ": " + said)
                        .stream())
            .collect(Collectors.joining("; "));
    return told.isEmpty() ? Optional.empty() : Optional.of(told);
  }
}
