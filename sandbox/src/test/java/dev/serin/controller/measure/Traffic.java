package dev.serin.controller.measure;

import dev.serin.sandbox.telemetry.Labels;
import dev.serin.sandbox.telemetry.Sample;
import dev.serin.sandbox.telemetry.SeriesStore;
import dev.serin.sandbox.time.Scheduler;
import dev.serin.sandbox.time.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Requests to pods, as Istio's sidecars count them and a Prometheus scrapes them.
final class Traffic {
  private static final double[] BOUNDS = {50, 100, 250, 500, 1000};

  private final VirtualScheduler time;
  private final SeriesStore store;
  private final SplittableRandom dice = new SplittableRandom(7);
  private final Map<Pod, Counts> pods = new LinkedHashMap<>();
  private Scheduler.Scheduled scraping;
  private boolean stalled;
  private List<String> scrapers = List.of("");

  record Pod(String namespace, String workload, String name) {}

  /// @param scraper the Prometheus server that says so; empty when it does not tell
  private record Scraped(Pod pod, String scraper) {}

  /// How a pod behaves.
  ///
  /// @param perSecond requests
  /// @param failing share of them that fails
  /// @param slow share of them that takes 400 ms; the others take 40 ms
  record Way(double perSecond, double failing, double slow) {}

  private static final class Counts {
    Way way = new Way(0, 0, 0);
    long good;
    long bad;
    long slow;
    double owed;
  }

  Traffic(VirtualScheduler time, SeriesStore store, Duration scrapeInterval) {
    this.time = time;
    this.store = store;
    time.every(Duration.ofMillis(500), this::flow);
    scraping = time.every(scrapeInterval, this::scrape);
  }

  /// From now on it is scraped as often.
  void scrapeEvery(Duration interval) {
    scraping.cancel();
    scraping = time.every(interval, this::scrape);
  }

  /// From now on each of these Prometheus servers scrapes it, and says so in its samples.
  void scrapedBy(String... replicas) {
    scrapers = List.of(replicas);
  }

  void pod(String namespace, String workload, String pod, Way way) {
    pods.computeIfAbsent(new Pod(namespace, workload, pod), _ -> new Counts()).way = way;
  }

  void restart(String namespace, String workload, String name) {
    pods.computeIfPresent(
        new Pod(namespace, workload, name),
        (_, before) -> {
          var anew = new Counts();
          anew.way = before.way;
          return anew;
        });
  }

  void remove(String namespace, String workload, String name) {
    pods.remove(new Pod(namespace, workload, name));
  }

  /// Requests that failed in pods of a workload, while they were there.
  long failed(String workload) {
    return pods.entrySet().stream()
        .filter(pod -> pod.getKey().workload().equals(workload))
        .mapToLong(pod -> pod.getValue().bad)
        .sum();
  }

  void stall() {
    stalled = true;
  }

  private void flow() {
    for (var counts : pods.values()) {
      counts.owed += counts.way.perSecond() / 2;
      while (counts.owed >= 1) {
        counts.owed--;
        if (dice.nextDouble() < counts.way.failing()) {
          counts.bad++;
        } else {
          counts.good++;
          counts.slow += dice.nextDouble() < counts.way.slow() ? 1 : 0;
        }
      }
    }
  }

  private void scrape() {
    if (stalled) {
      return;
    }
    var samples = new ArrayList<Sample>();
    for (var scraper : scrapers) {
      pods.forEach((pod, counts) -> add(samples, new Scraped(pod, scraper), counts));
    }
    store.scraped(time.instant(), samples);
  }

  private static void add(List<Sample> to, Scraped pod, Counts counts) {
    add(to, labels("istio_requests_total", pod, "200", ""), counts.good);
    add(to, labels("istio_requests_total", pod, "503", ""), counts.bad);
    for (var bound : BOUNDS) {
      // Failures are fast.
      bucket(to, pod, "200", bound, bound < 400 ? counts.good - counts.slow : counts.good);
      bucket(to, pod, "503", bound, counts.bad);
    }
    bucket(to, pod, "200", Double.POSITIVE_INFINITY, counts.good);
    bucket(to, pod, "503", Double.POSITIVE_INFINITY, counts.bad);
  }

  private static void bucket(List<Sample> to, Scraped pod, String code, double bound, long count) {
    var le = Double.isInfinite(bound) ? "+Inf" : String.valueOf((int) bound);
    add(to, labels("istio_request_duration_milliseconds_bucket", pod, code, le), count);
  }

  /// A counter is there from its first request on.
  private static void add(List<Sample> to, Labels labels, long count) {
    if (count > 0) {
      to.add(new Sample(labels, count));
    }
  }

  /// @param le empty for none
  private static Labels labels(String metric, Scraped from, String code, String le) {
    return Labels.of(
        metric,
        "reporter",
        "destination",
        "destination_workload_namespace",
        from.pod().namespace(),
        "destination_workload",
        from.pod().workload(),
        "pod",
        from.pod().name(),
        "instance",
        from.pod().name() + ":15020",
        "response_code",
        code,
        "le",
        le,
        "prometheus_replica",
        from.scraper());
  }
}
