package dev.serin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.cluster.Kind;
import dev.serin.controller.install.InstallManifests;
import dev.serin.sandbox.admission.CommandAdmission;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiServer;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// An API server over HTTP with everything of Serin installed but a controller, and users: `admin`
/// may do everything, `viewer` has the role of people who may only look, `nobody` has none.
final class TestCluster implements AutoCloseable {
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  static final String SERIN = "system:serviceaccount:serin:serin";

  private final ApiStore store = new ApiStore(InstantSource.system(), 1);
  final ApiClient admin = store.as(Caller.admin());
  final ApiServer server = ApiServer.start(store);
  private final Path kubeconfig;

  /// @param directory for the kubeconfig
  TestCluster(Path directory) {
    this(directory, Installed.EVERYTHING);
  }

  enum Installed {
    NOTHING,
    /// Without namespace shop.
    WITHOUT_SHOP,
    EVERYTHING
  }

  TestCluster(Path directory, Installed installed) {
    if (installed != Installed.NOTHING) {
      manifests().forEach(admin::create);
      store.admit(new CommandAdmission(SERIN));
    }
    if (installed != Installed.WITHOUT_SHOP) {
      namespace("shop");
    }
    server.addToken("token-of-admin", new Caller("ann", List.of(Caller.MASTERS)));
    server.addToken("token-of-viewer", Caller.user("vic"));
    server.addToken("token-of-nobody", Caller.user("nick"));
    create(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: vic}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: serin-viewer}
        subjects: [{kind: User, name: vic}]
        """);
    kubeconfig = directory.resolve("kubeconfig");
    try {
      Files.writeString(kubeconfig, kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ObjectNode> manifests() {
    var all =
        objects(
            InstallManifests.render(
                InstallManifests.Parts.NO_CONTROLLER,
                InstallManifests.Policies.MUTATING,
                "",
                List.of()));
    var namespaces = all.stream().filter(each -> each.path("kind").asText().equals("Namespace"));
    var others = all.stream().filter(each -> !each.path("kind").asText().equals("Namespace"));
    return Stream.concat(namespaces, others).toList();
  }

  static List<ObjectNode> objects(String yaml) {
    var found = new ArrayList<ObjectNode>();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (documents.hasNext()) {
        if (documents.next() instanceof ObjectNode object) {
          found.add(object);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(yaml, e);
    }
    return found;
  }

  /// Contexts `here` (admin, namespace shop), `viewer`, `nobody`, and `away`, where nobody answers.
  private String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: here
    clusters:
      - {name: here, cluster: {server: "%s"}}
      - {name: away, cluster: {server: "http://127.0.0.1:1"}}
    users:
      - {name: admin, user: {token: token-of-admin}}
      - {name: viewer, user: {token: token-of-viewer}}
      - {name: nobody, user: {token: token-of-nobody}}
      - {name: stranger, user: {token: unknown}}
    contexts:
      - {name: here, context: {cluster: here, user: admin, namespace: shop}}
      - {name: viewer, context: {cluster: here, user: viewer, namespace: shop}}
      - {name: nobody, context: {cluster: here, user: nobody, namespace: shop}}
      - {name: stranger, context: {cluster: here, user: stranger}}
      - {name: other, context: {cluster: here, user: admin, namespace: other}}
      - {name: away, context: {cluster: away, user: admin}}
    """
        .formatted(server.uri());
  }

  String kubeconfigFile() {
    return kubeconfig.toString();
  }

  void namespace(String name) {
    create("{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}");
  }

  void create(String yaml) {
    objects(yaml).forEach(admin::create);
  }

  /// A Canary and its Deployment.
  void canary(String namespace, String name) {
    create(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %2$s, namespace: %1$s}
        spec:
          replicas: 2
          selector: {matchLabels: {app: %2$s}}
          template:
            metadata: {labels: {app: %2$s}}
            spec: {containers: [{name: app, image: "sandbox/web:1.0"}]}
        ---
        apiVersion: serin.dev/v1beta1
        kind: Canary
        metadata: {name: %2$s, namespace: %1$s}
        spec:
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: %2$s}
          provider: gatewayapi
          service: {port: 80, gatewayRefs: [{name: public}]}
          analysis: {interval: 10s, threshold: 5, stepWeights: [10, 50]}
        """
            .formatted(namespace, name));
  }

  /// Writes a Canary's status, as a controller does.
  void status(String namespace, String name, String yaml) {
    JsonNode status;
    try {
      status = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(yaml, e);
    }
    admin.editStatus(Kind.CANARY, namespace, name, canary -> canary.set("status", status));
  }

  ObjectNode deployment(String namespace, String name) {
    return admin.get(Kind.DEPLOYMENT, namespace, name);
  }

  /// What a command did.
  record Run(int code, String out, String err) {}

  /// Runs a command against this cluster, as `admin` in namespace shop where it does not say
  /// otherwise.
  Run run(String... arguments) {
    return run(new Answering(false, ""), arguments);
  }

  Run run(Terminal.Asking asking, String... arguments) {
    return run(asking, new StringWriter(), arguments);
  }

  private Run run(Terminal.Asking asking, StringWriter out, String... arguments) {
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--kubeconfig")) {
      all.addAll(List.of("--kubeconfig", kubeconfigFile()));
    }
    var code =
        Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), asking)
            .execute(all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  /// Starts a command that goes on until something happens.
  Running start(String... arguments) {
    var out = new StringWriter();
    return new Running(
        out,
        CompletableFuture.supplyAsync(
            () -> run(new Answering(false, ""), out, arguments),
            task -> Thread.ofVirtual().start(task)));
  }

  /// A command that runs.
  record Running(StringWriter out, CompletableFuture<Run> end) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    void awaitOutput(String text) {
      var deadline = Instant.now().plus(PATIENCE);
      while (!out.toString().contains(text)) {
        if (end.isDone() || Instant.now().isAfter(deadline)) {
          throw new AssertionError("'%s' was not printed, but %s".formatted(text, out));
        }
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
    }

    Run ended() {
      return end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  /// A person who always says the same.
  record Answering(boolean isPossible, String answer) implements Terminal.Asking {
    @Override
    public String ask(String question) {
      return answer;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
