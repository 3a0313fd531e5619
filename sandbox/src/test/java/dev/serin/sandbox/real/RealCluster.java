package dev.serin.sandbox.real;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The real control plane, as one of its users sees it.
final class RealCluster {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Properties environment;
  private final HttpClient client;
  private final String token;

  private RealCluster(Properties environment, HttpClient client, String token) {
    this.environment = environment;
    this.client = client;
    this.token = token;
  }

  /// The cluster as its administrator sees it.
  static RealCluster open() {
    var file = System.getProperty("serin.real.env", "");
    assumeFalse(file.isEmpty(), "no real control plane: set -Dserin.real.env=FILE");
    var environment = new Properties();
    try (var in = Files.newInputStream(Path.of(file))) {
      environment.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RealCluster(environment, client(environment), token(environment, "admin"));
  }

  /// The same as another user sees it.
  RealCluster as(String user) {
    return new RealCluster(environment, client, token(environment, user));
  }

  String property(String name) {
    return environment.getProperty(name);
  }

  private static String token(Properties environment, String user) {
    try {
      var file = Path.of(environment.getProperty("kubeconfig." + user));
      return YAML.readTree(Files.readString(file)).at("/users/0/user/token").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpClient client(Properties environment) {
    try (var in = Files.newInputStream(Path.of(environment.getProperty("ca")))) {
      var keys = KeyStore.getInstance(KeyStore.getDefaultType());
      keys.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        keys.setCertificateEntry("ca" + keys.size(), certificate);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(keys);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return HttpClient.newBuilder().sslContext(context).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What a request was answered with.
  record Answer(int code, JsonNode body) {
    boolean isFine() {
      return code < 300;
    }

    Answer orFail() {
      if (!isFine()) {
        throw new AssertionError("the API server answers " + code + ": " + body);
      }
      return this;
    }
  }

  Answer call(String method, String path, String type, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(property("server") + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  JsonNode get(String path) {
    return call("GET", path, "application/json", "").orFail().body();
  }

  Optional<JsonNode> find(String path) {
    var answer = call("GET", path, "application/json", "");
    return answer.code() == 404 ? Optional.empty() : Optional.of(answer.orFail().body());
  }

  void merge(String path, String patch) {
    call("PATCH", path, "application/merge-patch+json", patch).orFail();
  }

  void delete(String path) {
    call("DELETE", path, "application/json", "");
  }

  /// Makes the object that a YAML text says, and tells how that was answered.
  Answer create(String yaml) {
    var object = documents(yaml).getFirst();
    var path = path(object);
    var collection = path.substring(0, path.lastIndexOf('/'));
    return call("POST", collection, "application/json", object.toString());
  }

  /// Runs kubectl as one of the users.
  Program.Ended kubectl(String user, String input, String... arguments) {
    var command = new ArrayList<String>();
    command.add(property("bin") + "/kubectl");
    command.add("--kubeconfig");
    command.add(property("kubeconfig." + user));
    command.addAll(List.of(arguments));
    return Program.start(command, input, Map.of()).await();
  }

  /// A token of Serin's account, as whoever installs it makes one.
  String token() {
    return kubectl("admin", "", "-n", "serin", "create", "token", "serin")
        .orFail()
        .output()
        .strip();
  }

  /// Stops or starts one of the servers.
  void server(String action, String server) {
    var script = Path.of("..", "hack", "real", "cluster").toString();
    Program.start(List.of(script, action, "--dir", property("dir"), server), "", Map.of())
        .await()
        .orFail();
  }

  /// Applies all documents of a YAML text, as `kubectl apply --server-side` does.
  void apply(String yaml) {
    for (var object : documents(yaml)) {
      var path = path(object) + "?fieldManager=test&force=true";
      call("PATCH", path, "application/apply-patch+yaml", object.toString()).orFail();
    }
  }

  private static List<ObjectNode> documents(String yaml) {
    var found = new ArrayList<ObjectNode>();
    try (var all = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (all.hasNext()) {
        if (all.next() instanceof ObjectNode object) {
          found.add(object);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static String path(ObjectNode object) {
    var version = object.path("apiVersion").asText();
    var kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
    var plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    var namespace = object.at("/metadata/namespace").asText();
    return (version.contains("/") ? "/apis/" : "/api/")
        + version
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + plural
        + "/"
        + object.at("/metadata/name").asText();
  }

  /// Waits until something holds.
  void await(String what, Duration most, BooleanSupplier holds) {
    await(() -> what, most, holds);
  }

  /// Waits until something holds.
  ///
  /// @param what asked for when it does not hold in time
  void await(Supplier<String> what, Duration most, BooleanSupplier holds) {
    var until = Instant.now().plus(most);
    while (!holds.getAsBoolean()) {
      if (Instant.now().isAfter(until)) {
        throw new AssertionError("not within " + most + ": " + what.get());
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }
}
