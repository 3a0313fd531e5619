package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.controller.background.ThreadedBackground;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteStatus;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.QueryTemplate;
import dev.serin.parse.MetricsServer;
import dev.serin.rollout.Questions;
import dev.serin.rollout.TrafficSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ThresholdRunnerTest {
  private final List<String> queries = new ArrayList<>();
  private Function<String, Measurement> answer = _ -> new Measurement.Value(99.5);
  private Optional<String> template = Optional.of("count(orders{kind=\"{{ variables.kind }}\"})");
  private boolean server = true;
  private Assignment assignment =
      Assignments.of(Questions.none(), "now", Instant.parse("2026-11-21T10:00:00Z"));

  private Assessment run(int check) {
    var provider =
        new MetricsProvider() {
          @Override
          public Measurement query(String query) {
            queries.add(query);
            return answer.apply(query);
          }

          @Override
          public Measurement probe() {
            return new Measurement.Value(1);
          }
        };
    var sources =
        new MetricSources() {
          @Override
          public Optional<MetricsProvider> prometheus(Optional<MetricsServer> named) {
            return server ? Optional.of(provider) : Optional.empty();
          }

          @Override
          public Template template(String namespace, String name) {
            return template.isPresent()
                ? new Template.Usable(provider, template.get())
                : new Template.Unusable("MetricTemplate " + name + " does not exist");
          }
        };
    return new ThresholdRunner(new ThreadedBackground(), Map.of("fake", new Queries()), sources)
        .run(assignment.declared().checks().get(check), assignment);
  }

  @Test
  void successRateIsAskedOfTheCanarysWorkload() {
    answer = query -> new Measurement.Value(query.contains("increase(") ? 1000 : 99.5);

    var said = run(0);

    assertThat(said.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(queries.getFirst())
        .isEqualTo(
            "100 - 100 * (sum(rate(errors{ns=~\"shop\",app=~\"web-canary\"}[30s])) or 0 *"
                + " sum(rate(requests{ns=~\"shop\",app=~\"web-canary\"}[30s]))) /"
                + " sum(rate(requests{ns=~\"shop\",app=~\"web-canary\"}[30s]))");
    assertThat(said.query()).isEqualTo(queries.getFirst());
  }

  @Test
  void requestsAreCountedOnceWhereSeveralServersScrapeTheSamePods() {
    run(0);

    assertThat(queries.getLast())
        .isEqualTo(
            "sum (max by (app, instance, ns, pod) (sum by (__replica__, app, instance, ns, pod,"
                + " prometheus_replica, replica)"
                + " (increase(requests{ns=~\"shop\",app=~\"web-canary\"}[30s]))))");
  }

  @Test
  void tooFewRequestsHoldTheStep() {
    answer = query -> new Measurement.Value(query.contains("increase(") ? 12 : 100);

    assertThat(run(0).verdict()).isEqualTo(Verdict.TOO_FEW);
  }

  @Test
  void latencyIsHeldAgainstItsMaximum() {
    answer = _ -> new Measurement.Value(501);

    assertThat(run(1).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(queries).hasSize(1);
    assertThat(queries.getFirst()).contains("histogram_quantile(0.99").contains("[60s]");
  }

  @Test
  void templateGetsItsVariables() {
    answer = _ -> new Measurement.Value(4);

    assertThat(run(2).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(queries).containsExactly("count(orders{kind=\"paid\"})");
  }

  @Test
  void templateOfACheckWithoutAnIntervalGetsTheUsualOne() {
    template = Optional.of("increase(orders[{{ interval }}])");

    run(2);

    assertThat(queries).containsExactly("increase(orders[60s])");
  }

  @Test
  void noVariableMakesAnotherQueryOfATemplate() {
    assignment = Assignments.of("{kind: 'x\"} or secret{a=\"'}", Questions.none());
    answer = _ -> new Measurement.Value(6);

    assertThat(run(2).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(queries).containsExactly("count(orders{kind=\"x\\\"} or secret{a=\\\"\"})");
  }

  @Test
  void aVariableThatDoesNotFitItsPlaceIsNotSent() {
    assignment = Assignments.of("{kind: '1 or secret'}", Questions.none());
    template = Optional.of("count(orders) > {{ variables.kind }}");

    var said = run(2);

    assertThat(said.verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(said.reason()).contains("1 or secret", "put it into quotes");
    assertThat(queries).isEmpty();
  }

  @Test
  void aRateWhoseRequestsCannotBeCountedProvesNothing() {
    answer =
        query ->
            query.contains("increase(")
                ? new Measurement.Unavailable("prometheus answered 503")
                : new Measurement.Value(100);

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(0).reason()).contains("cannot be counted", "prometheus answered 503");

    answer =
        query ->
            query.contains("increase(")
                ? new Measurement.NoData("the query gives no series")
                : new Measurement.Value(100);

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
  }

  @Test
  void noDataMeansWhatTheCheckSays() {
    answer = _ -> new Measurement.NoData("the query gives no series");

    assertThat(run(0).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(run(3).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(run(3).reason()).contains("counts as failed");
    assertThat(run(4).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void onNoDataExcusesNoServerThatDoesNotAnswer() {
    answer = _ -> new Measurement.Unavailable("prometheus cannot be reached");

    assertThat(run(3).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(4).verdict()).isEqualTo(Verdict.UNAVAILABLE);
  }

  @Test
  void variableWithoutAValueIsNamed() {
    template = Optional.of("count({{ nothing }})");

    var said = run(2);

    assertThat(said.verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(said.reason()).contains("{{ nothing }}").contains("namespace");
    assertThat(queries).isEmpty();
  }

  @Test
  void missingTemplateIsUnavailable() {
    template = Optional.empty();

    assertThat(run(2).reason()).isEqualTo("MetricTemplate orders does not exist");
  }

  @Test
  void missingServerIsUnavailableWithItsCure() {
    server = false;

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(0).reason()).contains("--metrics-server");
  }

  @Test
  void unknownDataPlaneNamesTheKnownOnes() {
    assignment =
        new Assignment(
            assignment.declared(),
            assignment.questions(),
            assignment.phase(),
            1,
            "new",
            "old",
            0,
            assignment.split(),
            assignment.routedAt(),
            assignment.confirmed(),
            Optional.of("example.com/strange"),
            true,
            "now",
            assignment.at());

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(0).reason()).contains("example.com/strange").contains("[fake]");
  }

  @Test
  void namesAreLiteralInRegularExpressions() {
    assertThat(Variables.literally("a.b")).isEqualTo("a\\.b");
    assertThat(Variables.literally("web-canary")).isEqualTo("web-canary");
    assertThat(
            new Variables(Map.of("workloads", Variables.literally("a.b")))
                .query("x{app=~\"{{ workloads }}\"}"))
        .isEqualTo(new QueryTemplate.Rendered.Query("x{app=~\"a\\\\.b\"}"));
  }

  /// A mesh that knows only how it is measured.
  static final class Queries implements Mesh {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public List<Kind> kinds() {
      return List.of();
    }

    @Override
    public List<ObjectRef> reads(RouteRequest request) {
      return List.of();
    }

    @Override
    public RouteStatus status(RouteRequest request, Map<ObjectRef, Read> seen) {
      return new RouteStatus.Absent();
    }

    @Override
    public List<String> unable(
        RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
      return List.of();
    }

    @Override
    public List<Change> route(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
      return List.of();
    }

    @Override
    public List<Change> letGo(RouteRequest request, Map<ObjectRef, Read> seen) {
      return List.of();
    }

    @Override
    public BuiltInQueries queries(RouteRequest.Protocol protocol) {
      var selector = "{ns=~\"{{ namespaces }}\",app=~\"{{ workloads }}\"}";
      var counts =
          new BuiltInQueries.Counts(
              List.of("requests" + selector),
              List.of("errors" + selector),
              "buckets" + selector,
              "buckets" + selector,
              1,
              "ns",
              "app",
              "{{ primary }}",
              "{{ canary }}",
              "pod");
      return new BuiltInQueries(
          List.of(new BuiltInQueries.Dialect("fake", List.of(), counts)), Map.of());
    }
  }
}
