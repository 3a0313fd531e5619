package dev.serin.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.parse.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The resource definitions of the chart.
public final class Crd {

  private static final Path FOLDER = Path.of("..", "charts", "serin", "crds");

  private Crd() {}

  /// The file that defines a kind.
  public static Path file(String kind) {
    return FOLDER.resolve(kind.toLowerCase(Locale.ROOT) + ".yaml");
  }

  /// The schema of a kind.
  public static JsonNode schema(String kind) {
    return definition(kind).at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /// The whole definition of a kind.
  public static JsonNode definition(String kind) {
    return Yaml.object(text(file(kind)));
  }

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
