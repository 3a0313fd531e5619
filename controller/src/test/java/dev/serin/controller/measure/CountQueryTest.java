package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.metrics.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CountQueryTest {
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");
  private static final Versions WEB = new Versions("shop", "web", "web-canary");
  private static final Versions OTHER = new Versions("bank", "web", "web-canary");

  private static final Counts PODS = counts("ns", "pod");
  private static final Counts SERVICES = counts("", "");

  private static Counts counts(String namespaceLabel, String podLabel) {
    return counts(namespaceLabel, podLabel, 0.001);
  }

  private static Counts counts(String namespaceLabel, String podLabel, double unit) {
    var workloads =
        namespaceLabel.isEmpty()
            ? "app=~\"{{ workloads }}\""
            : "ns=~\"{{ namespaces }}\",app=~\"{{ workloads }}\"";
    return new Counts(
        List.of("requests{" + workloads + "}"),
        List.of("requests{" + workloads + ",code=~\"5..\"}"),
        "time_bucket{" + workloads + "}",
        "time_bucket{" + workloads + ",code!~\"5..\"}",
        unit,
        namespaceLabel,
        "app",
        "{{ stable }}",
        "{{ target }}",
        podLabel);
  }

  private static Sample sample(String counted, double value, String... labels) {
    var all = new HashMap<String, String>();
    all.put("counted", counted);
    for (int i = 0; i < labels.length; i += 2) {
      all.put(labels[i], labels[i + 1]);
    }
    return new Sample(all, AT, value);
  }

  @Test
  void allKindsAreOneQuestion() {
    var by = "__replica__, app, instance, ns, pod, prometheus_replica, replica";
    var web = "ns=~\"shop\",app=~\"web(-canary)?\"";
    assertThat(new CountQuery(PODS, Buckets.CLASSIC, List.of(WEB), Set.of(250.0)).text())
        .isEqualTo(
            "label_replace(sum by (%s) (requests{%s}), \"counted\", \"requests\", \"\", \"\")"
                    .formatted(by, web)
                + " or label_replace(sum by (%s) (requests{%s,code=~\"5..\"}), \"counted\", \"errors\", \"\", \"\")"
                    .formatted(by, web)
                + " or label_replace(sum by (%s, le) (time_bucket{%s,code!~\"5..\",le=~\"250|250\\\\.0|\\\\+Inf\"}), \"counted\", \"within\", \"\", \"\")"
                    .formatted(by, web)
                + " or label_replace(max by (ns, app) (timestamp(requests{%s})), \"counted\", \"newest\", \"\", \"\")"
                    .formatted(web));
  }

  @Test
  void oneSeriesThatHoldsAllBucketsIsAskedBoundByBound() {
    var by = "__replica__, app, instance, ns, pod, prometheus_replica, replica";
    var histogram =
        "sum by (%s) (time{ns=~\"shop\",app=~\"web(-canary)?\",code!~\"5..\"})".formatted(by);
    assertThat(new CountQuery(PODS, Buckets.NATIVE, List.of(WEB), Set.of(250.0, 0.5)).text())
        .contains(
            "label_replace(label_replace(histogram_fraction(-Inf, 0.5, %s) * histogram_count(%s) >= 0,"
                    .formatted(histogram, histogram)
                + " \"le\", \"0.5\", \"\", \"\")"
                + " or label_replace(histogram_fraction(-Inf, 250, %s) * histogram_count(%s) >= 0,"
                    .formatted(histogram, histogram)
                + " \"le\", \"250\", \"\", \"\")"
                + " or label_replace(histogram_count(%s), \"le\", \"+Inf\", \"\", \"\"),"
                    .formatted(histogram)
                + " \"counted\", \"within\", \"\", \"\")");
  }

  @Test
  void nativeHistogramsAreAskedByTheBoundsThatDataPlanesUse() {
    assertThat(Buckets.bounds(PODS)).contains(250.0, 1000.0).doesNotContain(0.25);
    assertThat(Buckets.bounds(counts("ns", "pod", 1)))
        .contains(0.005, 0.25, 1.0)
        .doesNotContain(250.0);
  }

  @Test
  void targetsOfTheSameNameAreToldApartByTheirNamespace() {
    var query = new CountQuery(PODS, Buckets.CLASSIC, List.of(WEB, OTHER), Set.of());
    assertThat(query.text()).contains("ns=~\"bank|shop\"");

    var read =
        query.read(
            List.of(
                sample("requests", 5, "ns", "shop", "app", "web"),
                sample("requests", 7, "ns", "bank", "app", "web-canary"),
                sample("requests", 9, "ns", "elsewhere", "app", "web")));

    assertThat(read.keySet()).containsExactlyInAnyOrder(WEB, OTHER);
    assertThat(read.getOrDefault(WEB, new TreeMap<>()).firstEntry().getValue().requests())
        .singleElement()
        .satisfies(one -> assertThat(one.value()).isEqualTo(5))
        .satisfies(one -> assertThat(one.labels()).isEqualTo(Map.of("ns", "shop", "app", "web")));
  }

  @Test
  void samplesAreAsOldAsTheyAre() {
    var read =
        new CountQuery(PODS, Buckets.CLASSIC, List.of(WEB), Set.of())
            .read(
                List.of(
                    sample("requests", 5, "ns", "shop", "app", "web"),
                    sample("newest", AT.getEpochSecond() - 40.5, "ns", "shop", "app", "web")));

    var snapshot = read.getOrDefault(WEB, new TreeMap<>()).firstEntry().getValue();
    assertThat(snapshot.at()).isEqualTo(AT);
    assertThat(snapshot.requests().getFirst().time()).isEqualTo(AT.minusMillis(40_500));
  }

  @Test
  void aDataPlaneThatNamesServicesNeedsNoNamespace() {
    var envoy = new Versions("shop", "shop_web_80", "shop_web-canary_80");
    var query = new CountQuery(SERVICES, Buckets.CLASSIC, List.of(envoy), Set.of());

    assertThat(query.text()).contains("app=~\"shop_web(-canary)?_80\"").doesNotContain("ns=~");
    assertThat(query.read(List.of(sample("errors", 1, "app", "shop_web-canary_80"))))
        .containsOnlyKeys(envoy);
  }

  @Test
  void namesThatShareNothingAreAlternatives() {
    assertThat(Alternation.both("web", "api")).isEqualTo("web|api");
    assertThat(Alternation.both("aa", "aaa")).isEqualTo("aa(a)?");
    assertThat(Alternation.both("web.v1", "web.v1-canary")).isEqualTo("web\\.v1(-canary)?");
    for (var pair :
        List.of(List.of("web", "web-canary"), List.of("aa", "aaa"), List.of("a", "b"))) {
      var both = Alternation.both(pair.getFirst(), pair.getLast());
      assertThat(pair).allMatch(name -> name.matches(both));
      assertThat("other").doesNotMatch(both);
    }
  }

  @Test
  void intervalIsThatOfTheUsualScrape() {
    var times = new ArrayList<Sample>();
    for (int second = 0; second < 130; second++) {
      times.add(new Sample(Map.of("instance", "a"), AT, second / 15 * 15));
      times.add(new Sample(Map.of("instance", "b"), AT, second / 15 * 15 + 7.02));
    }
    assertThat(Survey.interval(times)).contains(Duration.ofSeconds(15));
    assertThat(Survey.interval(times.subList(0, 2))).isEmpty();
  }

  @Test
  void aCountThatIsOffByItsLastDigitsHasNotStartedAnew() {
    var before = List.of(bucket("5", 30), bucket("25", 50), bucket("+Inf", 100));
    var after = List.of(bucket("5", Math.nextDown(30.0)), bucket("25", 20), bucket("+Inf", 200));

    assertThat(Survey.upTo(before, after))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(5.0, 0L, 25.0, 20L, Double.POSITIVE_INFINITY, 100L));
  }

  private static Sample bucket(String le, double count) {
    return new Sample(Map.of("instance", "a", "le", le), AT, count);
  }

  @Test
  void boundsAreNumbersHoweverTheyAreWritten() {
    assertThat(Tally.bounds(List.of("0.5", "500", "500.0", "5e+02", "+Inf", "none")))
        .containsExactlyInAnyOrder(0.5, 500.0);
  }
}
