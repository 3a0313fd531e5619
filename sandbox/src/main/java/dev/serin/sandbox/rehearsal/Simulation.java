package dev.serin.sandbox.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.Sandbox;
import dev.serin.sandbox.SandboxOptions;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a Canary would do with a release: the real controller plays it in virtual time, as often as
/// one likes.
///
/// People, webhooks, alerts and windows are left out, and so are metrics that only the user's own
/// Prometheus has. A step that waits for somebody to resume it is resumed at once.
public final class Simulation {

  private static final Duration MOST = Duration.ofHours(24);
  private static final Duration ADOPTION = Duration.ofMinutes(10);
  private static final Duration BEFORE = Duration.ofMinutes(2);

  /// The judge looks back ten minutes to know how stable's bad requests come together. Stable has
  /// been there longer than that in every cluster, so that fewer would make the odds look worse.
  private static final Duration BEFORE_A_COMPARISON = Duration.ofMinutes(11);

  private static final Set<String> PROVIDERS = Set.of("gatewayapi", "istio", "smi");
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "PromotionFailed");
  private static final String DEFAULT_HOST = "simulate.example.com";

  private final ObjectNode canary;
  private final Release release;
  private final List<String> leftOut = new ArrayList<>();
  private final String namespace;
  private final String name;
  private final String target;

  /// Something that was decided.
  ///
  /// @param after since the release
  /// @param kind as in the events of a cluster
  public record Decided(Duration after, String kind, String text) {}

  /// How a release went.
  ///
  /// @param outcome as in the history of a Canary; `Unfinished` after a day
  /// @param took from the release to its end
  /// @param hurt requests of users that the new version failed before its end
  public record Course(
      String outcome, String reason, Duration took, long hurt, List<Decided> decisions) {

    public Course {
      decisions = List.copyOf(decisions);
    }
  }

  /// @param canary as its user wrote it
  public Simulation(ObjectNode canary, Release release) {
    this.release = release;
    this.canary = canary.deepCopy();
    var metadata = Json.child(this.canary, "metadata");
    namespace = metadata.path("namespace").asText("default");
    metadata.put("namespace", namespace);
    name = metadata.path("name").asText("canary");
    metadata.put("name", name);
    this.canary.remove("status");
    target = this.canary.at("/spec/targetRef/name").asText();
    var spec = Json.child(this.canary, "spec");
    adapt(spec);
    adaptAnalysis(Json.child(spec, "analysis"));
  }

  private void adapt(ObjectNode spec) {
    var provider = spec.path("provider").asText("gatewayapi");
    if (!PROVIDERS.contains(provider)) {
      leftOut.add("provider " + provider + ": played with gatewayapi");
      provider = "gatewayapi";
    }
    spec.put("provider", provider);
    leaveOut(spec, "windows", "metricsServer", "metricsServerSecretRef", "autoscalerRef");
    if (spec.get("service") instanceof ObjectNode service) {
      service.remove(List.of("routeRef", "gateways"));
      if (provider.equals("gatewayapi")) {
        service
            .putArray("gatewayRefs")
            .addObject()
            .put("name", Sandbox.GATEWAY)
            .put("namespace", Sandbox.GATEWAY_NAMESPACE);
      }
    }
  }

  private void adaptAnalysis(ObjectNode analysis) {
    leaveOut(analysis, "webhooks", "approvals", "alerts");
    var kept = Json.array();
    for (JsonNode metric : analysis.path("metrics")) {
      if (metric.has("templateRef") || metric.has("query")) {
        leftOut.add("metric " + metric.path("name").asText() + ": only your Prometheus has it");
      } else {
        kept.add(metric);
      }
    }
    if (analysis.has("metrics")) {
      analysis.set("metrics", kept);
    }
  }

  private void leaveOut(ObjectNode object, String... fields) {
    for (var field : fields) {
      if (object.remove(field) != null) {
        leftOut.add(field);
      }
    }
  }

  /// What of the Canary is not played, each with a word why where it is not plain.
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /// Plays it once.
  ///
  /// @param seed of all chance; equal seeds give equal courses
  /// @throws IllegalStateException when the Canary does not get as far as to take a release
  public Course play(long seed) {
    var options = RehearsalOptions.DEFAULT.sandbox(SandboxOptions.DEFAULT.seed(seed));
    try (var rehearsal = Rehearsal.start(options)) {
      deploy(rehearsal);
      var adopted =
          rehearsal.runUntil(
              () -> rehearsal.phase(namespace, name).equals("Initialized"), ADOPTION);
      if (!adopted) {
        throw new IllegalStateException(problem(rehearsal));
      }
      rehearsal.sandbox().traffic(loads());
      rehearsal.run(warmUp());
      return released(rehearsal);
    }
  }

  /// How long users call stable before the release.
  Duration warmUp() {
    var metrics = canary.at("/spec/analysis/metrics").valueStream();
    return metrics.anyMatch(Simulation::compares) ? BEFORE_A_COMPARISON : BEFORE;
  }

  /// A metric that says nothing of how it is judged is compared.
  private static boolean compares(JsonNode metric) {
    return metric.has("comparison") || !(metric.has("thresholdRange") || metric.has("trend"));
  }

  private Course released(Rehearsal rehearsal) {
    var start = rehearsal.time().instant();
    rehearsal.sandbox().setImage(namespace, target, release.newImage());
    rehearsal.runUntil(() -> hasEnded(rehearsal), MOST);
    var took = Duration.between(start, rehearsal.time().instant());
    var last = rehearsal.canary(namespace, name).orElseThrow().at("/status/history/0");
    long hurt =
        rehearsal.sandbox().stats().versions().entrySet().stream()
            .filter(version -> version.getKey().endsWith(" " + tag(release.newImage())))
            .mapToLong(version -> version.getValue().failed())
            .sum();
    return new Course(
        last.path("outcome").asText("Unfinished"),
        last.path("reason").asText("a day was not enough"),
        took,
        hurt,
        decisions(rehearsal, start));
  }

  private static String tag(String image) {
    return image.substring(image.indexOf(':') + 1);
  }

  private boolean hasEnded(Rehearsal rehearsal) {
    var status = rehearsal.canary(namespace, name).orElseThrow().path("status");
    if (status.path("waitingFor").asText().contains("canary resume")) {
      resume(rehearsal, status);
    }
    return ENDS.contains(status.path("phase").asText()) && status.has("history");
  }

  private void resume(Rehearsal rehearsal, JsonNode status) {
    var command = "resume-" + status.path("step").asInt();
    var api = rehearsal.sandbox().api();
    if (api.find(Kind.CANARY_COMMAND, namespace, command).isEmpty()) {
      var object =
          Json.object()
              .put("apiVersion", Kind.CANARY_COMMAND.apiVersion())
              .put("kind", Kind.CANARY_COMMAND.kind());
      object.putObject("metadata").put("namespace", namespace).put("name", command);
      object
          .putObject("spec")
          .put("canary", name)
          .put("command", "resume")
          .put("revision", status.path("revision").asText());
      api.create(object);
    }
  }

  private static List<Decided> decisions(Rehearsal rehearsal, Instant start) {
    return rehearsal.told().stream()
        .filter(occasion -> !occasion.at().isBefore(start))
        .map(
            occasion ->
                new Decided(
                    Duration.between(start, occasion.at()),
                    occasion.announcement().kind().name(),
                    occasion.announcement().text()))
        .toList();
  }

  private String problem(Rehearsal rehearsal) {
    for (JsonNode condition :
        rehearsal.canary(namespace, name).orElseThrow().at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("message").asText();
      }
    }
    return "the Canary " + namespace + "/" + name + " is not adopted";
  }

  private void deploy(Rehearsal rehearsal) {
    var api = rehearsal.sandbox().api();
    if (api.find(Kind.NAMESPACE, "", namespace).isEmpty()) {
      var object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      object.putObject("metadata").put("name", namespace);
      api.create(object);
    }
    api.create(deployment());
    rehearsal.run(Duration.ofSeconds(10));
    api.create(canary);
  }

  private ObjectNode deployment() {
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    object.putObject("metadata").put("namespace", namespace).put("name", target);
    var spec = object.putObject("spec").put("replicas", release.replicas());
    spec.putObject("selector").putObject("matchLabels").put("app", target);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", target);
    var container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", "app").put("image", release.stableImage());
    var wanted = canary.at("/spec/service/targetPort");
    var port = container.putArray("ports").addObject();
    if (wanted.isTextual()) {
      port.put("name", wanted.asText()).put("containerPort", 8080);
    } else {
      port.put("containerPort", wanted.asInt(canary.at("/spec/service/port").asInt(8080)));
    }
    return object;
  }

  private List<Load> loads() {
    var service = canary.at("/spec/service");
    var apex = service.path("name").asText(target);
    var host = service.at("/hosts/0").asText(DEFAULT_HOST).replace("*", "any");
    var call =
        canary.at("/spec/provider").asText().equals("gatewayapi")
            ? Call.atGateway(host)
            : Call.inMesh(apex + "." + namespace);
    if (release.headers().isEmpty()) {
      return List.of(Load.of(call, release.perSecond()));
    }
    var marked = call;
    for (var header : release.headers().entrySet()) {
      marked = marked.withHeader(header.getKey(), header.getValue());
    }
    return List.of(
        Load.of(call, release.perSecond() * 0.9), Load.of(marked, release.perSecond() * 0.1));
  }
}
