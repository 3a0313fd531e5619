package dev.serin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.cluster.Kind;
import dev.serin.controller.ControllerProgram;
import dev.serin.controller.ControllerSettings;
import dev.serin.controller.Deciders;
import dev.serin.controller.cluster.Connection;
import dev.serin.controller.install.InstallManifests;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.sandbox.App;
import dev.serin.sandbox.LiveSandbox;
import dev.serin.sandbox.SandboxOptions;
import dev.serin.sandbox.admission.CommandAdmission;
import dev.serin.sandbox.admission.HoldAdmission;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.dataplane.TrafficStats;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cluster of the demonstration, with the controller beside it: everything in this process, and
/// all of it over HTTP. Pods, proxy and callers are on sockets; the controller asks the API server
/// and a Prometheus as it would any other.
final class DemoWorld implements AutoCloseable {
  static final String NAMESPACE = "shop";
  static final String NAME = "web";
  private static final Logger LOG = LoggerFactory.getLogger(DemoWorld.class);
  private static final String TOKEN = "demo";
  private static final String SERIN = "system:serviceaccount:serin:serin";
  private static final String HOST = "web.example.com";
  private static final Call CALL = Call.atGateway(HOST);

  private final LiveSandbox live;
  private final ControllerProgram controller;
  private final DemoPace pace;

  private DemoWorld(LiveSandbox live, ControllerProgram controller, DemoPace pace) {
    this.live = live;
    this.controller = controller;
    this.pace = pace;
  }

  static DemoWorld start(DemoPace pace) {
    var definitions = new ArrayList<ObjectNode>();
    var policies = new ArrayList<ObjectNode>();
    for (var object : documents(manifests())) {
      switch (object.path("kind").asText()) {
        case "CustomResourceDefinition" -> definitions.add(object);
        case "Namespace" -> policies.addFirst(object);
        default -> policies.add(object);
      }
    }
    var live =
        LiveSandbox.start(
            SandboxOptions.DEFAULT.definitions(definitions).scrapeInterval(pace.scrape()),
            LiveSandbox.Ports.ANY,
            Optional.empty(),
            problem -> LOG.error("the sandbox stumbled", problem));
    live.sandbox().store().admit(new HoldAdmission(SERIN));
    live.sandbox().store().admit(new CommandAdmission(SERIN));
    policies.forEach(live.sandbox().api()::create);
    live.api().addToken(TOKEN, Caller.serviceAccount("serin", "serin"));
    try {
      return new DemoWorld(live, ControllerProgram.start(settings(live), new Deciders()), pace);
    } catch (IOException e) {
      live.close();
      throw new UncheckedIOException("the controller of the demonstration cannot start", e);
    }
  }

  private static String manifests() {
    return InstallManifests.render(
        InstallManifests.Parts.NO_CONTROLLER, InstallManifests.Policies.MUTATING, "", List.of());
  }

  private static ControllerSettings settings(LiveSandbox live) {
    return new ControllerSettings(
        new Connection.Plain(live.api().uri(), Optional.of(TOKEN)),
        "",
        "gatewayapi",
        Optional.of(live.metrics()),
        Optional.empty(),
        Optional.empty(),
        ControllerSettings.Hold.AUTO,
        ControllerSettings.Commands.WITH_POLICY,
        Duration.ofSeconds(1),
        0,
        0,
        0,
        LogFormat.TEXT,
        false);
  }

  private static List<ObjectNode> documents(String yaml) {
    var found = new ArrayList<ObjectNode>();
    try (var all =
        new ObjectMapper(new YAMLFactory()).readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (all.hasNext()) {
        if (all.next() instanceof ObjectNode object) {
          found.add(object);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the manifests cannot be read", e);
    }
    return found;
  }

  void deploy(String image, int pods) {
    live.sandbox().deploy(App.of(NAMESPACE, NAME, pods, image));
  }

  /// Callers from outside begin to ask.
  void call() {
    live.sandbox().traffic(List.of(Load.of(CALL, pace.requestsPerSecond())));
  }

  /// Whether the gateway's proxy knows where its callers want to go.
  boolean leads() {
    return live.sandbox().leads(CALL);
  }

  /// A Canary beside the application; with it comes the route through the gateway.
  void declare() {
    try {
      live.sandbox()
          .api()
          .create((ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(manifest()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the demonstration's Canary is not YAML", e);
    }
  }

  private String manifest() {
    return """
    apiVersion: serin.dev/v1beta1
    kind: Canary
    metadata: {name: web, namespace: shop}
    spec:
      targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
      provider: gatewayapi
      service:
        port: 80
        hosts: [%s]
        gatewayRefs: [{name: public, namespace: gateway}]
      canary: {drainSeconds: 2}
      analysis:
        interval: %ds
        threshold: 2
        stepWeights: [20, 40, 60]
        metrics:
          - name: request-success-rate
            thresholdRange: {min: 99}
            interval: %ds
            minSamples: %d
    """
        .formatted(HOST, pace.interval().toSeconds(), pace.window().toSeconds(), pace.minSamples());
  }

  void release(String image) {
    live.sandbox().setImage(NAMESPACE, NAME, image);
  }

  /// The Canary, or an empty object before it was declared.
  ObjectNode canary() {
    return find(Kind.CANARY, NAME).orElseGet(() -> new ObjectMapper().createObjectNode());
  }

  boolean hasCanary() {
    return find(Kind.DEPLOYMENT, NAME + "-canary").isPresent();
  }

  /// Pods of the target that serve.
  int available() {
    return find(Kind.DEPLOYMENT, NAME)
        .map(target -> target.at("/status/availableReplicas").asInt())
        .orElse(0);
  }

  private Optional<ObjectNode> find(Kind kind, String name) {
    return live.sandbox().api().find(kind, NAMESPACE, name);
  }

  /// What callers got so far.
  TrafficStats stats() {
    return live.seenByCallers();
  }

  /// Ends the calls.
  ///
  /// @return what became of all of them
  TrafficStats finishCalls() throws InterruptedException {
    return live.finishCalls();
  }

  /// Why the controller does nothing yet; empty when it works.
  Optional<String> unready() {
    return controller.unready();
  }

  @Override
  public void close() {
    controller.close();
    live.close();
  }
}
