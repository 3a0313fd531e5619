package dev.serin.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.parse.CanaryDeclaration.Target;
import dev.serin.resource.AnalysisSpec;
import dev.serin.resource.CanarySpec;
import dev.serin.resource.CanarySpec.WorkloadRef;
import dev.serin.rollout.Plan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a Canary as JSON into what it declares, or into everything that is wrong with it.
public final class CanaryParser {

  /// An annotation that switches the tracking of ConfigMaps and Secrets off, on a Canary for all of
  /// them, or on one of them; its only value is [#DISABLED].
  public static final String CONFIG_TRACKING = "serin.dev/config-tracking";

  /// See [#CONFIG_TRACKING].
  public static final String DISABLED = "disabled";

  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final int PROGRESS_DEADLINE_SECONDS = 600;
  private static final int DRAIN_SECONDS = 30;
  private static final int MAX_SECONDS = 7 * 24 * 3600;

  private static final Map<String, String> TARGET_KINDS =
      Map.of(
          "Deployment", "apps/v1",
          "StatefulSet", "apps/v1",
          "DaemonSet", "apps/v1",
          "Service", "v1");

  private static final Map<String, String> AUTOSCALER_KINDS =
      Map.of("HorizontalPodAutoscaler", "autoscaling/v2", "ScaledObject", "keda.sh/v1alpha1");

  private CanaryParser() {}

  /// Parses a Canary.
  ///
  /// @param canary the whole object; only its metadata and its spec are read
  public static Parsed parse(ObjectNode canary, Settings settings) {
    var problems = new ArrayList<Problem>();
    var root = new Place("", problems);
    var metadata = canary.path("metadata");
    if (metadata.path("name").asText("").isEmpty()) {
      root.at("metadata").at("name").missing("give the Canary a name");
    }
    var spec =
        Lenient.read(
            canary.path("spec"), CanarySpec.class, root.at("spec"), settings.unknownFields());
    if (spec == null) {
      if (problems.isEmpty()) {
        root.at("spec").missing("declare at least targetRef, service and analysis");
      }
      return new Parsed.Invalid(problems);
    }
    var misfits = List.copyOf(problems);
    var declared = declare(canary, spec, settings, root.at("spec"));
    var told = new HashSet<String>();
    problems.removeIf(
        problem ->
            isConsequence(problem, misfits)
                || (!told.add(problem.field()) && problem.value().isEmpty()));
    return problems.isEmpty() ? new Parsed.Valid(declared) : new Parsed.Invalid(problems);
  }

  /// Whether something is only missing because what is there could not be read.
  private static boolean isConsequence(Problem problem, List<Problem> misfits) {
    return problem.value().isEmpty()
        && !misfits.contains(problem)
        && misfits.stream().anyMatch(misfit -> misfit.field().startsWith(problem.field()));
  }

  private static CanaryDeclaration declare(
      ObjectNode canary, CanarySpec spec, Settings settings, Place at) {
    var name = canary.path("metadata").path("name").asText("");
    var namespace = canary.path("metadata").path("namespace").asText("default");
    var target = target(spec.targetRef(), at.at("targetRef"));
    var provider = provider(spec.provider(), settings, at.at("provider"));
    var services = ServiceParser.parse(canary, namespace, target, spec, at);

    var analysis = analysis(spec.analysis(), at.at("analysis"));
    var references = new References(namespace, settings.references());
    var checks = new CheckParser(analysis, references, at.at("analysis").at("metrics")).parse();
    var gates = GateParser.parse(analysis, at.at("analysis"));
    var scaling = spec.canary();
    var scale =
        Scales.parse(
            scaling == null ? null : scaling.replicas(),
            StrategyParser.usualScale(analysis),
            at.at("canary").at("replicas"));
    var steps = new StrategyParser(analysis, scale, settings, provider, at.at("analysis")).parse();

    var plan = plan(spec, analysis, steps, gates, !checks.isEmpty() || gates.hasRoundHooks(), at);
    return new CanaryDeclaration(
        namespace,
        name,
        target,
        provider,
        services.route(),
        services.exposure(),
        steps.strategy(),
        plan,
        checks,
        gates.hooks(),
        AlertParser.parse(analysis, references, at.at("analysis").at("alerts")),
        scale,
        autoscaler(spec.autoscalerRef(), at.at("autoscalerRef")),
        dialect(analysis, provider, settings, at.at("analysis").at("metricsDialect")),
        metricsServer(spec, namespace, at),
        rollbackWindow(spec.rollbackWindow(), at.at("rollbackWindow").at("revisions")),
        windows(spec.windows(), at.at("windows")),
        isTrue(spec.suspend(), false),
        isTrue(spec.revertOnDeletion(), true),
        tracksConfig(canary));
  }

  static boolean isTrue(@Nullable Boolean value, boolean fallback) {
    return value == null ? fallback : value;
  }

  static <T> List<T> all(@Nullable List<T> values) {
    return values == null ? List.of() : values;
  }

  static <V> Map<String, V> all(@Nullable Map<String, V> values) {
    return values == null ? Map.of() : values;
  }

  private static Target target(@Nullable WorkloadRef ref, Place at) {
    if (ref == null) {
      at.missing("name the workload, as {kind: Deployment, name: NAME}");
      return new Target("apps/v1", "Deployment", "unknown");
    }
    return reference(ref, "Deployment", TARGET_KINDS, at);
  }

  private static Optional<Target> autoscaler(@Nullable WorkloadRef ref, Place at) {
    return Optional.ofNullable(ref)
        .map(given -> reference(given, "HorizontalPodAutoscaler", AUTOSCALER_KINDS, at));
  }

  private static Target reference(
      WorkloadRef ref, String usual, Map<String, String> kinds, Place at) {
    var kind = Objects.requireNonNullElse(ref.kind(), usual);
    if (!kinds.containsKey(kind)) {
      at.at("kind").unknown(kind, kinds.keySet());
    }
    var version = kinds.getOrDefault(kind, "v1");
    return new Target(
        Objects.requireNonNullElse(ref.apiVersion(), version),
        kind,
        at.at("name").objectName(ref.name(), "name the object"));
  }

  private static String provider(@Nullable String given, Settings settings, Place at) {
    var provider = given == null || given.isEmpty() ? settings.provider() : given;
    if (provider.isEmpty()) {
      at.missing("use one of " + settings.meshes().keySet().stream().sorted().toList());
    } else if (!settings.meshes().containsKey(provider)) {
      at.unknown(provider, settings.meshes().keySet());
    }
    return provider;
  }

  private static AnalysisSpec analysis(@Nullable AnalysisSpec given, Place at) {
    if (given == null) {
      at.missing("declare how the traffic moves, such as {interval: 1m, stepWeights: [10, 50]}");
    }
    return Objects.requireNonNullElse(given, Nothing.ANALYSIS);
  }

  private static Plan plan(
      CanarySpec spec,
      AnalysisSpec analysis,
      StrategyParser.Steps steps,
      GateParser.Gates gates,
      boolean checks,
      Place at) {
    var canary = spec.canary();
    var deadline =
        at.at("progressDeadlineSeconds")
            .whole(spec.progressDeadlineSeconds(), PROGRESS_DEADLINE_SECONDS, 1, MAX_SECONDS);
    var drain =
        at.at("canary")
            .at("drainSeconds")
            .whole(canary == null ? null : canary.drainSeconds(), DRAIN_SECONDS, 0, MAX_SECONDS);
    return new Plan(
        gates.before(steps.steps(), at.at("analysis").at("approvals")),
        steps.interval(),
        at.at("analysis").at("threshold").whole(analysis.threshold(), 5, 1, 1000),
        Duration.ofSeconds(deadline),
        steps.maxDuration(),
        Duration.ofSeconds(drain),
        steps.returnWeights(),
        gates.gates(),
        at.at("analysis")
            .at("onInconclusive")
            .oneOf(
                analysis.onInconclusive(),
                Plan.OnInconclusive.AUTO,
                Map.of(
                    "auto", Plan.OnInconclusive.AUTO,
                    "promote", Plan.OnInconclusive.PROMOTE,
                    "rollback", Plan.OnInconclusive.ROLLBACK,
                    "approve", Plan.OnInconclusive.APPROVE)),
        checks,
        isTrue(spec.skipAnalysis(), false));
  }

  private static Optional<String> dialect(
      AnalysisSpec analysis, String provider, Settings settings, Place at) {
    var dialect = analysis.metricsDialect();
    if (dialect == null || dialect.isEmpty()) {
      return Optional.empty();
    }
    var mesh = settings.meshes().get(provider);
    if (mesh != null && !mesh.dialects().contains(dialect)) {
      at.wrong(
          dialect,
          "is not known of provider " + provider,
          "use one of " + mesh.dialects().stream().sorted().toList());
    }
    return Optional.of(dialect);
  }

  private static Optional<MetricsServer> metricsServer(
      CanarySpec spec, String namespace, Place at) {
    var secret =
        Optional.ofNullable(spec.metricsServerSecretRef())
            .map(
                ref ->
                    at.at("metricsServerSecretRef")
                        .at("name")
                        .objectName(ref.name(), "name the Secret with the credentials"));
    if (spec.metricsServer() == null) {
      secret.ifPresent(
          name ->
              at.at("metricsServerSecretRef")
                  .wrong(
                      name,
                      "belongs to no server",
                      "set metricsServer as well; the controller's own server has its Secret by"
                          + " --metrics-server-secret"));
      return Optional.empty();
    }
    return Uris.http(spec.metricsServer(), at.at("metricsServer"))
        .map(address -> new MetricsServer(address, namespace, secret));
  }

  private static int rollbackWindow(CanarySpec.@Nullable RollbackWindow given, Place at) {
    return at.whole(given == null ? null : given.revisions(), 0, 0, 100);
  }

  private static List<RolloutWindow> windows(@Nullable List<CanarySpec.Window> given, Place at) {
    var windows = new ArrayList<RolloutWindow>();
    for (var window : all(given)) {
      window(window, at.at(windows.size())).ifPresent(windows::add);
    }
    return windows;
  }

  private static Optional<RolloutWindow> window(CanarySpec.Window given, Place at) {
    var cron =
        at.at("schedule").required(given.schedule(), "say when it opens, as 0 9 * * MON-FRI");
    var schedule = CronSchedule.parse(cron);
    if (!cron.isEmpty() && schedule.isEmpty()) {
      at.at("schedule")
          .wrong(
              cron,
              "is no schedule that ever comes",
              "give minute, hour, day of month, month and day of week, as 0 9 * * MON-FRI");
    }
    at.at("duration").required(given.duration(), "say how long it stays open, as 8h");
    var lasts = at.at("duration").duration(given.duration(), Duration.ofMinutes(1));
    var zone = zone(given.timeZone(), at.at("timeZone"));
    return schedule.flatMap(opens -> lasts.map(length -> new RolloutWindow(opens, length, zone)));
  }

  private static ZoneId zone(@Nullable String given, Place at) {
    if (given == null || given.isEmpty()) {
      return UTC;
    }
    try {
      return ZoneId.of(given);
    } catch (DateTimeException _) {
      at.wrong(given, "is not a time zone", "use a name such as Europe/Berlin");
      return UTC;
    }
  }

  private static boolean tracksConfig(JsonNode canary) {
    var annotation = canary.path("metadata").path("annotations").path(CONFIG_TRACKING).asText("");
    return !annotation.equals(DISABLED);
  }
}
