package dev.serin.sandbox.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.yaml.snakeyaml.Yaml;

/// A Kubernetes API server as plain HTTP shows it.
///
/// @param server where it is
/// @param token whose requests
/// @param http client that trusts the server
record Calls(URI server, String token, HttpClient http) {

  static final String MERGE = "application/merge-patch+json";
  static final String OPERATIONS = "application/json-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// An answer.
  ///
  /// @param code HTTP status code
  /// @param body what came, a missing node for nothing
  record Answer(int code, JsonNode body) {

    String reason() {
      return body.path("reason").asText();
    }

    String message() {
      return body.path("message").asText();
    }

    String rv() {
      return text("metadata", "resourceVersion");
    }

    String text(String... path) {
      return at(path).asText();
    }

    JsonNode at(String... path) {
      JsonNode node = body;
      for (String field : path) {
        node = node.path(field);
      }
      return node;
    }

    ObjectNode object() {
      return (ObjectNode) body.deepCopy();
    }
  }

  static JsonNode yaml(String text) {
    Object tree = new Yaml().load(text);
    return JSON.valueToTree(tree);
  }

  Calls as(String otherToken) {
    return new Calls(server, otherToken, http);
  }

  Answer get(String path) {
    return send("GET", path, "", BodyPublishers.noBody());
  }

  Answer get(String path, String accept) {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", accept)
            .timeout(PATIENCE)
            .build());
  }

  Answer post(String path, String yaml) {
    return post(path, yaml(yaml));
  }

  Answer post(String path, JsonNode body) {
    return send("POST", path, "application/json", BodyPublishers.ofString(body.toString()));
  }

  Answer put(String path, JsonNode body) {
    return send("PUT", path, "application/json", BodyPublishers.ofString(body.toString()));
  }

  Answer patch(String type, String path, String yaml) {
    return send("PATCH", path, type, BodyPublishers.ofString(yaml(yaml).toString()));
  }

  Answer delete(String path, String yaml) {
    var body =
        yaml.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(yaml(yaml).toString());
    return send("DELETE", path, "application/json", body);
  }

  Answer delete(String path) {
    return delete(path, "");
  }

  /// Reads events until one of them satisfies, or the server ends the watch.
  List<JsonNode> watch(String path, Predicate<JsonNode> last) {
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Authorization", "Bearer " + token)
            .timeout(PATIENCE)
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofInputStream());
      var events = new ArrayList<JsonNode>();
      try (var lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          var event = JSON.readTree(line);
          events.add(event);
          if (last.test(event)) {
            break;
          }
        }
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Answer send(String method, String path, String type, BodyPublisher body) {
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .method(method, body)
            .header("Authorization", "Bearer " + token)
            .header("User-Agent", "conformance/1")
            .timeout(PATIENCE);
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return send(request.build());
  }

  private Answer send(HttpRequest request) {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      var text = response.body();
      return new Answer(
          response.statusCode(),
          text.startsWith("{") ? JSON.readTree(text) : MissingNode.getInstance());
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
