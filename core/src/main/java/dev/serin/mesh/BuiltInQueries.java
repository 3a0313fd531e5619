package dev.serin.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The PromQL of a mesh for success rate, latency and raw counts.
///
/// @param dialects one for each kind of data plane that reports under this mesh; the first is the
///   default
/// @param unmeasured values of `controllerName` of data planes that have no metric of their own for
///   each version, with what to do instead
public record BuiltInQueries(List<Dialect> dialects, Map<String, String> unmeasured) {

  public BuiltInQueries {
    dialects = List.copyOf(dialects);
    unmeasured = Map.copyOf(unmeasured);
  }

  /// The dialect of this name, if there is one.
  public Optional<Dialect> named(String name) {
    return dialects.stream().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  /// The dialect that a controller of routes speaks, if it is known.
  public Optional<Dialect> spokenBy(String controllerName) {
    return dialects.stream()
        .filter(dialect -> dialect.controllers().contains(controllerName))
        .findFirst();
  }

  /// The queries of one data plane. Rates and quantiles need not know how many Prometheus servers
  /// scrape the same pods: each has its own series of all requests and of the bad or slow ones
  /// among them, so that a quotient of sums is what it is for one of them.
  ///
  /// @param name such as `istio`, `linkerd`, `contour`
  /// @param controllers values of `controllerName` in a route's status that mean this dialect
  /// @param counts the raw counters, from which everything else follows
  public record Dialect(String name, List<String> controllers, Counts counts) {

    public Dialect {
      controllers = List.copyOf(controllers);
    }

    /// Template of one number: percent of requests that did not fail, 0 to 100. No requests give no
    /// sample or NaN, never a number.
    public String successRate() {
      return successRate("sum");
    }

    /// The same for each workload, told by the labels that name it.
    public String successRates() {
      return successRate("sum by (" + String.join(", ", counts.naming()) + ") ");
    }

    private String successRate(String sum) {
      var requests = sum + "(" + rates(counts.requests()) + ")";
      var errors = "(" + sum + "(" + rates(counts.errors()) + ") or 0 * " + requests + ")";
      return "100 - 100 * " + errors + " / " + requests;
    }

    /// Template of one number: milliseconds that 99 of 100 requests stay within, whether the server
    /// keeps a series for each bucket or one for all of them.
    public String latencyP99() {
      return latencyP99(List.of());
    }

    /// The same for each workload, told by the labels that name it.
    public String latenciesP99() {
      return latencyP99(counts.naming());
    }

    private String latencyP99(List<String> by) {
      var labels = new ArrayList<>(by);
      labels.addFirst("le");
      var classic = summed(counts.buckets(), labels);
      var whole = summed(counts.nativeBuckets(), by);
      var quantile =
          "(histogram_quantile(0.99, %s) or histogram_quantile(0.99, %s))"
              .formatted(classic, whole);
      return counts.bucketUnitSeconds() == 0.001 ? quantile : quantile + " * 1000";
    }

    private static String summed(String histogram, List<String> by) {
      var labels = by.isEmpty() ? "" : " by (" + String.join(", ", by) + ")";
      return "sum%s (%s)".formatted(labels, rates(List.of(histogram)));
    }

    private static String rates(List<String> selectors) {
      return selectors.stream()
          .map(selector -> "rate(" + selector + "[{{ interval }}])")
          .collect(Collectors.joining(" or "));
    }
  }

  /// Raw counter series of any number of workloads at once. Each selector is a template with the
  /// variables `{{ namespaces }}` and `{{ workloads }}`, which stand for alternations of a regular
  /// expression; all series together that the selectors of one list choose are the counter.
  ///
  /// @param requests selectors of the cumulative counter of all requests
  /// @param errors the same for failed requests; no series is chosen twice
  /// @param buckets selector of the cumulative latency buckets, with label `le`
  /// @param goodBuckets the same of requests that did not fail, for failures are often fast; equal
  ///   to `buckets` where the data plane does not tell them apart
  /// @param bucketUnitSeconds what 1 in `le` is in seconds: 1 or 0.001
  /// @param namespaceLabel the label that names the workload's namespace; empty when
  ///   `workloadLabel` is unique in the cluster
  /// @param workloadLabel the label that names the workload
  /// @param stable value of that label for stable, as a template with the variables of metric
  ///   templates, `{{ canaryService }}` and `{{ port }}`
  /// @param canary value of that label for the canary, likewise
  /// @param podLabel the label that names the workload's pod; empty when the mesh has none, so that
  ///   pod effects cannot be told from version effects
  public record Counts(
      List<String> requests,
      List<String> errors,
      String buckets,
      String goodBuckets,
      double bucketUnitSeconds,
      String namespaceLabel,
      String workloadLabel,
      String stable,
      String canary,
      String podLabel) {

    public Counts {
      requests = List.copyOf(requests);
      errors = List.copyOf(errors);
    }

    /// The same as `buckets` where the server keeps all buckets in one series, which has the name
    /// of the histogram: native histograms, and classic ones that were turned into such.
    public String nativeBuckets() {
      return whole(buckets);
    }

    /// The same as `goodBuckets` there.
    public String nativeGoodBuckets() {
      return whole(goodBuckets);
    }

    private static String whole(String selector) {
      int labels = selector.indexOf('{');
      return selector.substring(0, labels).replaceFirst("_bucket$", "")
          + selector.substring(labels);
    }

    /// The labels that say whose requests they are.
    public List<String> naming() {
      return namespaceLabel.isEmpty()
          ? List.of(workloadLabel)
          : List.of(namespaceLabel, workloadLabel);
    }
  }
}
