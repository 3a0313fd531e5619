package dev.serin.controller.telemetry;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Predicate;

/// The numbers that the controller publishes.
public final class ControllerMetrics {

  private final Metrics metrics;
  private final Metrics.Gauge phase;
  private final Metrics.Gauge weight;
  private final Metrics.Counter decisions;
  private final Metrics.Counter checks;
  private final Metrics.Counter outcomes;
  private final Metrics.Counter apiRequests;
  private final Metrics.Counter eventsDropped;
  private final Metrics.Counter deliveries;

  /// @param metrics where they are kept
  public ControllerMetrics(Metrics metrics) {
    this.metrics = metrics;
    phase =
        metrics.gauge(
            "serin_canary_phase",
            "1 for the phase that a Canary is in.",
            "namespace",
            "name",
            "phase");
    weight =
        metrics.gauge(
            "serin_canary_weight",
            "Percent of requests that the canary should get.",
            "namespace",
            "name");
    decisions =
        metrics.counter(
            "serin_decisions_total",
            "What was decided, by kind of announcement.",
            "namespace",
            "name",
            "kind");
    checks =
        metrics.counter(
            "serin_checks_total",
            "Checks that decisions rest on, by their verdict.",
            "namespace",
            "name",
            "check",
            "verdict");
    outcomes = metrics.counter("serin_rollouts_total", "Rollouts by their outcome.", "outcome");
    apiRequests =
        metrics.counter(
            "serin_api_requests_total",
            "Requests to the API server; code 0 is no answer.",
            "verb",
            "code");
    eventsDropped =
        metrics.counter(
            "serin_events_dropped_total",
            "Kubernetes events that were not written, by reason.",
            "reason");
    deliveries =
        metrics.counter(
            "serin_deliveries_total",
            "What webhooks and alert providers were told: delivered, failed after all attempts, or"
                + " dropped because too many waited.",
            "kind",
            "result");
    process();
  }

  private void process() {
    var runtime = Runtime.getRuntime();
    metrics.gauge(
        "serin_memory_used_bytes",
        "Heap in use.",
        () -> (double) runtime.totalMemory() - runtime.freeMemory());
    metrics.gauge(
        "process_start_time_seconds",
        "When the process started, in Unix time.",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      metrics.gauge(
          "process_cpu_seconds_total",
          "Processor time used.",
          () -> system.getProcessCpuTime() / 1e9);
    }
  }

  /// Where a Canary stands.
  ///
  /// @param percent that the canary should get
  public void stands(String namespace, String name, String phaseName, int percent) {
    phase.removeIf(of(namespace, name).and(labels -> !labels.get(2).equals(phaseName)));
    phase.set(1, namespace, name, phaseName);
    weight.set(percent, namespace, name);
  }

  /// Whether it is told where a Canary stands.
  public boolean knows(String namespace, String name) {
    return weight.isSet(namespace, name);
  }

  /// From now on another process decides, and tells where Canaries stand.
  public void standAside() {
    phase.removeIf(_ -> true);
    weight.removeIf(_ -> true);
  }

  /// The Canary is gone. Its counts go as well: names that come and go would fill the process, and
  /// whoever scrapes it.
  public void forget(String namespace, String name) {
    var its = of(namespace, name);
    phase.removeIf(its);
    weight.removeIf(its);
    decisions.removeIf(its);
    checks.removeIf(its);
  }

  /// Something was decided.
  public void decided(String namespace, String name, String kind) {
    decisions.increment(namespace, name, kind);
  }

  /// A check was the reason of a decision.
  public void checked(String namespace, String name, String check, String verdict) {
    checks.increment(namespace, name, check, verdict);
  }

  /// A rollout ended.
  public void ended(String outcome) {
    outcomes.increment(outcome);
  }

  /// A request to the API server was answered.
  public void apiRequest(String verb, int code) {
    apiRequests.increment(verb, Integer.toString(code));
  }

  /// A Kubernetes event was not written.
  public void eventDropped(String reason) {
    eventsDropped.increment(reason);
  }

  /// Something was told outside of the cluster, or could not be.
  ///
  /// @param kind `alert` or `hook`
  /// @param result `delivered`, `failed` or `dropped`
  public void delivery(String kind, String result) {
    deliveries.increment(kind, result);
  }

  private static Predicate<List<String>> of(String namespace, String name) {
    return labels -> labels.get(0).equals(namespace) && labels.get(1).equals(name);
  }
}
