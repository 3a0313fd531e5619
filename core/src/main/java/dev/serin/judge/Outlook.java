package dev.serin.judge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;

/// What a comparison can find out during a plan, told before it starts.
///
/// @param canaryRequests that the canary gets if nothing interrupts the plan
/// @param requestsToPass of the canary until a version as good as stable passes, as a rule
/// @param caught share of bad requests from which on the plan finds a version out, as a rule; empty
///   when it would not even find one that always fails
/// @param underpowered when the plan ends before a good version passes
/// @param bursty when bad requests come together and slow the judgement down
public record Outlook(
    double canaryRequests,
    double requestsToPass,
    OptionalDouble caught,
    Optional<Underpowered> underpowered,
    Optional<Bursty> bursty) {

  /// One step of the plan.
  ///
  /// @param weight of the canary in percent
  /// @param hold how long it is held
  public record Stage(int weight, Duration hold) {}

  /// What stable was seen to do.
  ///
  /// @param perSecond requests to the service
  /// @param bad share of bad ones, 0 to 1
  public record Traffic(double perSecond, double bad) {}

  /// The plan ends undecided for a good version. Each help is enough alone.
  ///
  /// @param longer factor on all hold times
  /// @param lastStep how long the last step would have to be held instead
  /// @param weight of the canary in percent at which the whole plan would have to run
  /// @param tolerance the least lenient of `strict`, `default`, `lenient` that is enough
  /// @param absolute share added by the tolerance that would have to be accepted, 0 to 1
  public record Underpowered(
      double longer,
      Optional<Duration> lastStep,
      OptionalInt weight,
      Optional<Tolerance> tolerance,
      OptionalDouble absolute) {}

  /// @param phi how many bad requests come together, about
  public record Bursty(double phi) {}

  private static final int MOST_WEIGHT = 90;

  /// @param stages of the plan, in order
  public static Outlook of(
      Comparison comparison, List<Stage> stages, Traffic traffic, Dispersion dispersion) {
    var needed = -Math.log(comparison.beta()) + Growth.LOG_PASS_BETS;
    var power = new Power(stages, traffic, dispersion.phi());
    var reached = power.toPass(comparison.tolerance());
    var requests = power.canaryRequests();
    return new Outlook(
        requests,
        reached > 0 ? requests * needed / reached : Double.POSITIVE_INFINITY,
        power.caught(comparison),
        reached >= needed
            ? Optional.empty()
            : Optional.of(help(comparison.tolerance(), power, needed)),
        dispersion.bursty() ? Optional.of(new Bursty(dispersion.phi())) : Optional.empty());
  }

  private static Underpowered help(Tolerance tolerance, Power power, double needed) {
    var reached = power.toPass(tolerance);
    return new Underpowered(
        needed / reached,
        power.lastStep(tolerance, needed),
        power.weight(tolerance, needed),
        List.of(Tolerance.STRICT, Tolerance.DEFAULT, Tolerance.LENIENT).stream()
            .filter(other -> power.toPass(other) >= needed)
            .findFirst(),
        power.absolute(tolerance, needed));
  }

  /// In words, with what would help.
  public String words() {
    return plan() + bursts().map(words -> ". " + words).orElse("");
  }

  /// Why the plan ends before a good version passes, with what would help; empty when it does not.
  public Optional<String> tooWeak() {
    return underpowered.map(_ -> plan());
  }

  /// That bad requests come together, in words; empty when they do not.
  public Optional<String> bursts() {
    return bursty.map(
        burst ->
            "Bad requests of stable come about "
                + Words.number(burst.phi())
                + " at a time, so that as many count for one");
  }

  private String plan() {
    var plan =
        "this plan gives the canary about "
            + Words.count(Math.round(canaryRequests))
            + " requests; a version as good as stable needs about "
            + (Double.isFinite(requestsToPass)
                ? Words.count(Math.round(requestsToPass))
                : "no end of them")
            + " to pass, and one is found out from "
            + (caught.isPresent() ? Words.percent(caught.getAsDouble()) : "no share")
            + " of bad requests on";
    return plan + underpowered.map(help -> ". What would help: " + help(help)).orElse("");
  }

  private static String help(Underpowered help) {
    var words = new StringBuilder();
    if (Double.isFinite(help.longer)) {
      words.append("all steps ").append(Words.number(help.longer)).append(" times as long");
    }
    help.lastStep.ifPresent(
        hold -> words.append(", or the last one held for ").append(Words.duration(hold)));
    help.weight.ifPresent(
        weight -> words.append(", or ").append(weight).append(" % weight all the time"));
    help.absolute.ifPresent(
        absolute ->
            words
                .append(", or a tolerance of ")
                .append(Words.number(absolute * 100))
                .append(" points"));
    return words.isEmpty() ? "more traffic" : words.toString();
  }

  /// Evidence that a plan is expected to gather.
  private record Power(List<Stage> stages, Traffic traffic, double phi) {

    double canaryRequests() {
      return stages.stream().mapToDouble(this::requests).sum();
    }

    private double requests(Stage stage) {
      return traffic.perSecond * stage.weight / 100 * stage.hold.toMillis() / 1000;
    }

    double toPass(Tolerance tolerance) {
      return stages.stream()
          .mapToDouble(stage -> requests(stage) * passing(tolerance, stage.weight))
          .sum();
    }

    private double passing(Tolerance tolerance, int weight) {
      return compares(tolerance, weight)
          ? Math.max(0, Growth.toPass(tolerance, traffic.bad, ratio(weight))) / phi
          : 0;
    }

    private double toFail(Tolerance tolerance, double bad) {
      return stages.stream()
          .filter(stage -> compares(tolerance, stage.weight))
          .mapToDouble(
              stage ->
                  requests(stage)
                      * Growth.toFail(tolerance, bad, traffic.bad, ratio(stage.weight))
                      / phi)
          .sum();
    }

    private static boolean compares(Tolerance tolerance, int weight) {
      return weight > 0 && (weight < 100 || tolerance.relative() == 0);
    }

    private static double ratio(int weight) {
      return weight / (100.0 - weight);
    }

    OptionalDouble caught(Comparison comparison) {
      var needed = -Math.log(comparison.alpha()) + Growth.LOG_FAIL_BETS;
      var limit = comparison.tolerance().limit(traffic.bad);
      return least(limit, 1, bad -> toFail(comparison.tolerance(), bad) >= needed);
    }

    OptionalDouble absolute(Tolerance tolerance, double needed) {
      return least(
          tolerance.absolute(),
          1,
          absolute -> toPass(new Tolerance(tolerance.relative(), absolute)) >= needed);
    }

    Optional<Duration> lastStep(Tolerance tolerance, double needed) {
      var last = stages.getLast();
      var perSecond = traffic.perSecond * last.weight / 100 * passing(tolerance, last.weight);
      if (!(perSecond > 0)) {
        return Optional.empty();
      }
      var missing = (needed - toPass(tolerance)) / perSecond;
      return Optional.of(last.hold.plusSeconds((long) Math.ceil(missing)));
    }

    OptionalInt weight(Tolerance tolerance, double needed) {
      var all = stages.stream().map(Stage::hold).reduce(Duration.ZERO, Duration::plus);
      for (var weight = 1; weight <= MOST_WEIGHT; weight++) {
        var constant = new Power(List.of(new Stage(weight, all)), traffic, phi);
        if (constant.toPass(tolerance) >= needed) {
          return OptionalInt.of(weight);
        }
      }
      return OptionalInt.empty();
    }

    /// The least value between two for which something holds that holds for all larger ones.
    private static OptionalDouble least(double low, double high, DoublePredicate holds) {
      if (!holds.test(high)) {
        return OptionalDouble.empty();
      }
      for (var i = 0; i < 60; i++) {
        var middle = (low + high) / 2;
        if (holds.test(middle)) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return OptionalDouble.of(high);
    }
  }
}
