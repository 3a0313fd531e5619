package dev.serin.controller.measure;

import dev.serin.mesh.BuiltInQueries.Counts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How a server keeps latencies, and how it is asked how many requests took at most so long. Either
/// way the answers have the label `le`.
enum Buckets {
  /// A series for each bucket, as nearly all data planes expose them.
  CLASSIC {
    @Override
    String upTo(Counts counts, String by, Collection<Double> bounds) {
      return "sum by (%s, le) (%s)"
          .formatted(by, CountQuery.narrowed(counts.goodBuckets(), "le=~\"{{ bounds }}\""));
    }

    @Override
    String all(Counts counts, String by) {
      return "sum by (le, %s) (%s)".formatted(by, counts.goodBuckets());
    }
  },

  /// One series that holds all buckets: native histograms, and classic ones that the server turned
  /// into such (`convert_classic_histograms_to_nhcb`). What lies between two bounds of its buckets
  /// is told by interpolation, the same one at each look and for both versions.
  NATIVE {
    @Override
    String upTo(Counts counts, String by, Collection<Double> bounds) {
      var histogram = "sum by (%s) (%s)".formatted(by, counts.nativeGoodBuckets());
      var parts = new ArrayList<String>();
      for (double bound : new TreeSet<>(bounds)) {
        var plain = plain(bound);
        // Of no requests at all the fraction is no number; the comparison leaves that out.
        parts.add(
            bounded(
                "histogram_fraction(-Inf, %s, %s) * histogram_count(%s) >= 0"
                    .formatted(plain, histogram, histogram),
                plain));
      }
      parts.add(bounded("histogram_count(%s)".formatted(histogram), "+Inf"));
      return String.join(" or ", parts);
    }

    @Override
    String all(Counts counts, String by) {
      return upTo(counts, by, bounds(counts));
    }

    private String bounded(String expression, String bound) {
      return "label_replace(%s, \"le\", \"%s\", \"\", \"\")".formatted(expression, bound);
    }
  };

  /// Bounds by which a native histogram is asked, in milliseconds: those that data planes use where
  /// they have classic ones, so that a converted histogram has them exactly.
  private static final List<Double> MILLISECONDS =
      List.of(
          1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0,
          30_000.0);

  /// Template of the counts up to these bounds, and of all requests. Its variable `{{ bounds }}` is
  /// filled with [#spelled].
  ///
  /// @param by labels that sums are kept apart by
  /// @param bounds as `le` has them, finite
  abstract String upTo(Counts counts, String by, Collection<Double> bounds);

  /// Template of the counts up to each bound that there is, and of all requests.
  abstract String all(Counts counts, String by);

  /// The bounds that a native histogram is asked by, in its unit.
  static Set<Double> bounds(Counts counts) {
    return MILLISECONDS.stream()
        .map(bound -> Math.round(bound / counts.bucketUnitSeconds()) / 1000.0)
        .collect(Collectors.toSet());
  }

  private static String plain(double bound) {
    return new BigDecimal(Double.toString(bound)).stripTrailingZeros().toPlainString();
  }

  /// Bounds as exporters may write them: `0.5`, `500`, `500.0`, `5e-05`, `5.0E-5`.
  static String spelled(Collection<Double> bounds) {
    var spellings = new ArrayList<String>();
    spellings.add("\\+Inf");
    for (double bound : bounds) {
      spellings.add(Alternation.literally(plain(bound)));
      spellings.add(Alternation.literally(Double.toString(bound)));
      if (bound < 1e-4) {
        spellings.add(Alternation.literally("%.0e".formatted(bound)));
      }
    }
    return Alternation.of(spellings);
  }
}
