package dev.serin.controller.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What the chart lets the controller do, so that tests can run with exactly that.
public final class ChartRights {

  private static final Path FILE = Path.of("..", "charts", "serin", "manifests", "rbac.yaml");
  private static final List<Right> WRITTEN = read();
  private static final Set<Right> RIGHTS = Set.copyOf(WRITTEN);

  private ChartRights() {}

  /// One verb on one resource.
  ///
  /// @param resource plural, with the subresource after a slash
  public record Right(String group, String resource, String verb) implements Comparable<Right> {

    public static Right of(Kind kind, String verb) {
      return new Right(kind.group(), kind.plural(), verb);
    }

    @Override
    public int compareTo(Right other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
  }

  /// What the chart gives more than once.
  public static Set<Right> repeated() {
    return WRITTEN.stream()
        .filter(right -> Collections.frequency(WRITTEN, right) > 1)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// All that the chart gives.
  public static Set<Right> all() {
    return new TreeSet<>(RIGHTS);
  }

  /// What a change takes. A server-side apply of an object that must be there makes none.
  public static Right neededBy(Change change) {
    var kind = change.ref().kind();
    return switch (change) {
      case Change.Create _ -> Right.of(kind, "create");
      case Change.Apply(var _, var object) ->
          Right.of(kind, Fields.resourceVersion(object).isEmpty() ? "create" : "patch");
      case Change.Merge _, Change.Patch _ -> Right.of(kind, "patch");
      case Change.Status _ -> new Right(kind.group(), kind.plural() + "/status", "update");
      case Change.Delete _ -> Right.of(kind, "delete");
    };
  }

  /// Fails where the chart does not give it.
  public static void insist(Right right) {
    if (!RIGHTS.contains(right)) {
      throw new AssertionError("the chart's rbac.yaml does not let the controller " + right);
    }
  }

  private static List<Right> read() {
    var mapper = new YAMLMapper();
    try (var documents =
        mapper.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(FILE))) {
      return documents.readAll().stream()
          .filter(object -> !object.path("rules").isMissingNode())
          .flatMap(role -> role.path("rules").valueStream())
          .flatMap(
              rule ->
                  texts(rule, "apiGroups").stream()
                      .flatMap(
                          group ->
                              texts(rule, "resources").stream()
                                  .flatMap(
                                      resource ->
                                          texts(rule, "verbs").stream()
                                              .map(verb -> new Right(group, resource, verb)))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> texts(JsonNode rule, String field) {
    return rule.path(field).valueStream().map(JsonNode::asText).collect(Collectors.toSet());
  }
}
