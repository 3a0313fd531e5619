package dev.serin.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;

/// Which bounds of a histogram slow requests are told by. Quantiles are never compared: inside a
/// bucket they are interpolated, which is not data.
public final class LatencyBounds {

  /// Where one looks when no bound was asked for: the middle, the slow and the very slow requests.
  private static final double[] QUANTILES = {0.5, 0.9, 0.99};

  /// Slower than this share means nothing can be learnt from it.
  private static final double LEAST_SLOW = 1e-4;

  private static final double MARGIN = 0.005;

  /// A bound and what is tolerated beyond it.
  ///
  /// @param bound in the unit of the histogram
  /// @param slow share of stable's requests beyond it, 0 to 1
  public record Chosen(double bound, double slow) {

    /// The more requests are beyond the bound by nature, the less more of them are tolerated in
    /// proportion.
    public Tolerance tolerance() {
      var relative = slow > 0.2 ? 1.1 : slow > 0.02 ? 1.25 : 1.5;
      return new Tolerance(relative, MARGIN);
    }
  }

  private LatencyBounds() {}

  /// The largest bound up to the requested one, else the smallest there is; empty when there are no
  /// finite bounds.
  ///
  /// @param bounds the `le` of the histogram's buckets
  public static OptionalDouble snap(Collection<Double> bounds, double requested) {
    var below =
        bounds.stream()
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .filter(bound -> bound <= requested * (1 + 1e-9))
            .max();
    return below.isPresent()
        ? below
        : bounds.stream().filter(Double::isFinite).mapToDouble(Double::doubleValue).min();
  }

  /// The bounds nearest to the median, the 90th and the 99th percentile of stable before the
  /// rollout; duplicates and bounds that hardly anything exceeds left out.
  ///
  /// @param upTo for each bound how many of stable's requests took at most so long
  /// @param requests all of them
  public static List<Chosen> choose(NavigableMap<Double, Long> upTo, long requests) {
    var chosen = new ArrayList<Chosen>();
    for (var quantile : QUANTILES) {
      nearest(upTo, requests, 1 - quantile)
          .filter(candidate -> chosen.stream().noneMatch(c -> c.bound == candidate.bound))
          .ifPresent(chosen::add);
    }
    return List.copyOf(chosen);
  }

  private static Optional<Chosen> nearest(
      NavigableMap<Double, Long> upTo, long requests, double share) {
    Optional<Chosen> best = Optional.empty();
    var least = Double.POSITIVE_INFINITY;
    for (var bucket : upTo.entrySet()) {
      var slow = requests == 0 ? 0 : 1 - (double) bucket.getValue() / requests;
      var distance = Math.abs(Math.log(slow / share));
      if (Double.isFinite(bucket.getKey()) && slow >= LEAST_SLOW && distance < least) {
        least = distance;
        best = Optional.of(new Chosen(bucket.getKey(), slow));
      }
    }
    return best;
  }
}
