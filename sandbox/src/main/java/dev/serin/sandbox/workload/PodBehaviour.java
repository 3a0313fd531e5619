package dev.serin.sandbox.workload;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a pod of the sandbox starts, answers and ends. It is read from the tag of its image and from
/// its environment, so that a release behaves as its manifest says.
///
/// Words of the tag, anywhere in it, separated by `-`; other words mean nothing, so that
/// `v2-errors-5-slow-300ms` is version 2 that fails 5 % of its requests and takes 300 ms:
///
/// | In the tag | In the environment | Means |
/// |---|---|---|
/// | `errors-20` | `SERIN_ERROR_RATE=20` | percent of requests answered 500; decimals allowed |
/// | | `SERIN_ERROR_BURST=3` | failures come in bursts of that many |
/// | `slow-300ms` | `SERIN_LATENCY=300ms` | median time to answer (default 5 ms) |
/// | | `SERIN_LATENCY_SPREAD=0.25` | standard deviation of its logarithm; 0 for always the same |
/// | `slow-start-30s` | `SERIN_START_DELAY=30s` | time from start to readiness (default 500 ms) |
/// | | `SERIN_SHUTDOWN_DELAY=2s` | how long it serves on after it was told to end |
/// | `crash` | `SERIN_CRASH_AFTER=0s` | the container ends at once, again and again |
/// | `crash-after-30s` | `SERIN_CRASH_AFTER=30s` | it ends that long after it got ready |
/// | `not-ready` | `SERIN_UNREADY_AFTER=0s` | it runs and never gets ready |
/// | `unready-after-30s` | `SERIN_UNREADY_AFTER=30s` | it loses readiness that long after it got it |
/// | `pull-fails` | | the image cannot be pulled |
/// | `unschedulable` | | no node has room for it |
///
/// The environment wins over the tag. Durations are numbers with `ms`, `s` or `m`.
///
/// @param errorRate share of requests answered 500, from 0 to 1
/// @param errorBurst how many requests in a row fail when one does, at least 1
/// @param latency median time to answer
/// @param latencySpread standard deviation of the logarithm of the time to answer; not negative
/// @param startDelay from the start of the container to its readiness
/// @param shutdownDelay how long it serves on after it was told to end
/// @param fate what else becomes of it
public record PodBehaviour(
    double errorRate,
    int errorBurst,
    Duration latency,
    double latencySpread,
    Duration startDelay,
    Duration shutdownDelay,
    Fate fate) {

  /// What else becomes of a pod.
  public sealed interface Fate {

    /// It serves until it is told to end.
    record Serves() implements Fate {}

    /// Its container ends by itself.
    ///
    /// @param after time from readiness; zero ends it before it gets ready
    record Crashes(Duration after) implements Fate {}

    /// Its readiness probe fails.
    ///
    /// @param after time from readiness; zero never lets it get ready
    record LosesReadiness(Duration after) implements Fate {}

    /// Its image cannot be pulled.
    record CannotPull() implements Fate {}

    /// The name of its image is no name of an image.
    record InvalidImage() implements Fate {}

    /// No node has room for it.
    record Unschedulable() implements Fate {}
  }

  /// What an ordinary image does.
  public static final PodBehaviour GOOD =
      new PodBehaviour(
          0,
          1,
          Duration.ofMillis(5),
          0.25,
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          new Fate.Serves());

  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9]+([._-]+[a-z0-9]+)*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
              + "(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@sha256:[0-9a-f]{64})?");
  private static final Pattern ERRORS = word("errors-(?<value>[0-9]+(\\.[0-9]+)?)");
  private static final Pattern SLOW = word("slow-(?<value>[0-9]+(ms|s|m))");
  private static final Pattern SLOW_START = word("slow-start-(?<value>[0-9]+(ms|s|m))");
  private static final Pattern CRASH = word("crash(-after-(?<value>[0-9]+(ms|s|m)))?");
  private static final Pattern UNREADY = word("unready-after-(?<value>[0-9]+(ms|s|m))");
  private static final Pattern NOT_READY = word("not-ready");
  private static final Pattern PULL_FAILS = word("pull-fails");
  private static final Pattern UNSCHEDULABLE = word("unschedulable");
  private static final Pattern DURATION = Pattern.compile("(?<number>[0-9]+)(?<unit>ms|s|m)");

  public PodBehaviour {
    if (!(errorRate >= 0 && errorRate <= 1)) {
      throw new IllegalArgumentException(
          "errorRate is " + errorRate + "; it is a share from 0 to 1");
    }
    if (errorBurst < 1) {
      throw new IllegalArgumentException("errorBurst is " + errorBurst + "; it is at least 1");
    }
    if (!(latencySpread >= 0)) {
      throw new IllegalArgumentException(
          "latencySpread is " + latencySpread + "; it is not negative");
    }
  }

  /// Reads the behaviour of a container. A value that does not read is ignored, as a program
  /// ignores a variable that it does not understand.
  ///
  /// @param image such as `sandbox/web:v2-errors-20`
  /// @param environment variables of the container, references resolved
  public static PodBehaviour of(String image, Map<String, String> environment) {
    var name = IMAGE.matcher(image);
    if (!name.matches()) {
      return GOOD.with(new Fate.InvalidImage());
    }
    var tag = Optional.ofNullable(name.group("tag")).orElse("latest");
    return new PodBehaviour(
        number(variable(environment, "SERIN_ERROR_RATE"))
            .or(() -> number(value(ERRORS, tag)))
            .map(percent -> Math.clamp(percent / 100, 0, 1))
            .orElse(GOOD.errorRate),
        number(variable(environment, "SERIN_ERROR_BURST"))
            .map(burst -> Math.max(1, (int) Math.round(burst)))
            .orElse(GOOD.errorBurst),
        duration(variable(environment, "SERIN_LATENCY"))
            .or(() -> duration(value(SLOW, tag)))
            .orElse(GOOD.latency),
        number(variable(environment, "SERIN_LATENCY_SPREAD")).orElse(GOOD.latencySpread),
        duration(variable(environment, "SERIN_START_DELAY"))
            .or(() -> duration(value(SLOW_START, tag)))
            .orElse(GOOD.startDelay),
        duration(variable(environment, "SERIN_SHUTDOWN_DELAY")).orElse(GOOD.shutdownDelay),
        fate(tag, environment));
  }

  private PodBehaviour with(Fate other) {
    return new PodBehaviour(
        errorRate, errorBurst, latency, latencySpread, startDelay, shutdownDelay, other);
  }

  private static Fate fate(String tag, Map<String, String> environment) {
    var crash = duration(variable(environment, "SERIN_CRASH_AFTER"));
    if (crash.isPresent()) {
      return new Fate.Crashes(crash.get());
    }
    var unready = duration(variable(environment, "SERIN_UNREADY_AFTER"));
    if (unready.isPresent()) {
      return new Fate.LosesReadiness(unready.get());
    }
    if (UNSCHEDULABLE.matcher(tag).find()) {
      return new Fate.Unschedulable();
    }
    if (PULL_FAILS.matcher(tag).find()) {
      return new Fate.CannotPull();
    }
    if (CRASH.matcher(tag).find()) {
      return new Fate.Crashes(duration(value(CRASH, tag)).orElse(Duration.ZERO));
    }
    if (NOT_READY.matcher(tag).find()) {
      return new Fate.LosesReadiness(Duration.ZERO);
    }
    return duration(value(UNREADY, tag))
        .<Fate>map(Fate.LosesReadiness::new)
        .orElseGet(Fate.Serves::new);
  }

  private static Pattern word(String regex) {
    return Pattern.compile("(?<![A-Za-z0-9])(" + regex + ")(?![A-Za-z0-9])");
  }

  private static Optional<String> value(Pattern pattern, String tag) {
    Matcher matcher = pattern.matcher(tag);
    return matcher.find() ? Optional.ofNullable(matcher.group("value")) : Optional.empty();
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip);
  }

  private static Optional<Double> number(Optional<String> text) {
    return text.map(t -> t.endsWith("%") ? t.substring(0, t.length() - 1).strip() : t)
        .filter(t -> t.matches("[0-9]{1,9}(\\.[0-9]{1,9})?"))
        .map(Double::parseDouble);
  }

  private static Optional<Duration> duration(Optional<String> text) {
    return text.map(DURATION::matcher)
        .filter(Matcher::matches)
        .filter(m -> m.group("number").length() <= 9)
        .map(
            m -> {
              long number = Long.parseLong(m.group("number"));
              return switch (m.group("unit")) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
              };
            });
  }
}
