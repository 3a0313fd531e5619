package dev.serin.sandbox.rehearsal;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// What many simulations of one release came to.
///
/// @param outcomes how often each was seen, the most frequent first
/// @param seconds from the release to its end
/// @param hurt requests that the new version failed
public record Odds(int runs, List<Outcome> outcomes, Spread seconds, Spread hurt) {

  /// Wilson's interval of 95 %.
  private static final double Z = 1.959963984540054;

  /// One way to end.
  ///
  /// @param low least probability that goes with so many runs
  /// @param high greatest likewise; both with a confidence of 95 %
  public record Outcome(String outcome, int runs, double low, double high) {}

  /// The middle of many values, and what nine of ten are below and above.
  public record Spread(long low, long median, long high) {

    static Spread of(Collection<Simulation.Course> courses, ToLongFunction<Simulation.Course> of) {
      var sorted = courses.stream().mapToLong(of).sorted().toArray();
      return new Spread(at(sorted, 0.1), at(sorted, 0.5), at(sorted, 0.9));
    }

    private static long at(long[] sorted, double quantile) {
      return sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))];
    }
  }

  public Odds {
    outcomes = List.copyOf(outcomes);
  }

  /// @param courses one at least
  public static Odds of(Collection<Simulation.Course> courses) {
    var counted = new TreeMap<String, Integer>();
    courses.forEach(course -> counted.merge(course.outcome(), 1, Integer::sum));
    int runs = courses.size();
    var outcomes =
        counted.entrySet().stream()
            .map(entry -> outcome(entry.getKey(), entry.getValue(), runs))
            .sorted((one, other) -> Integer.compare(other.runs(), one.runs()))
            .toList();
    return new Odds(
        runs,
        outcomes,
        Spread.of(courses, course -> course.took().toSeconds()),
        Spread.of(courses, Simulation.Course::hurt));
  }

  private static Outcome outcome(String name, int seen, int runs) {
    double share = (double) seen / runs;
    double z2 = Z * Z / runs;
    double middle = (share + z2 / 2) / (1 + z2);
    double half = Z / (1 + z2) * Math.sqrt(share * (1 - share) / runs + z2 / (4 * runs));
    return new Outcome(name, seen, Math.max(0, middle - half), Math.min(1, middle + half));
  }
}
