package dev.serin.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The projects' own definitions of Gateway API, Istio, Contour, KEDA and SMI, made by
/// `hack/sandbox-definitions`.
final class MeshDefinitions {

  private static final class Definitions {
    static final List<ObjectNode> ALL = read();

    private static List<ObjectNode> read() {
      try (InputStream in = MeshDefinitions.class.getResourceAsStream("definitions.json")) {
        if (in == null) {
          throw new IllegalStateException("the definitions of the meshes' kinds are missing");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(line -> (ObjectNode) Json.parse(line))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private MeshDefinitions() {}

  static void install(ApiClient api) {
    Definitions.ALL.forEach(api::create);
  }
}
