package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// JSON patch, RFC 6902, with the refusals of the library that Kubernetes uses.
final class JsonPatch {

  private static final String END = "-";
  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  private JsonPatch() {}

  /// @return a new tree; the given one stays as it is
  /// @throws ApiException 422 when an operation cannot be carried out, 400 when it is none
  static JsonNode apply(JsonNode object, JsonNode operations) {
    if (!operations.isArray()) {
      throw ApiException.badRequest(
          "error decoding patch: json: cannot unmarshal object into Go value of type"
              + " []handlers.jsonPatchOp");
    }
    var holder = Json.object();
    holder.set("", object.deepCopy());
    for (JsonNode operation : operations) {
      apply(holder, operation);
    }
    return holder.get("");
  }

  private static void apply(ObjectNode holder, JsonNode operation) {
    var name = Json.text(operation, "op");
    var path = Json.text(operation, "path");
    switch (name) {
      case "add" -> add(holder, path, operation.path("value").deepCopy());
      case "remove" -> remove(holder, path);
      case "replace" -> replace(holder, path, operation.path("value").deepCopy());
      case "move" -> {
        var from = Json.text(operation, "from");
        var value = require(holder, from);
        remove(holder, from);
        add(holder, path, value);
      }
      case "copy" -> add(holder, path, require(holder, Json.text(operation, "from")).deepCopy());
      case "test" -> test(holder, path, operation.path("value"));
      default -> throw failed();
    }
  }

  private static void test(ObjectNode holder, String path, JsonNode expected) {
    var actual = find(holder, path);
    boolean same =
        isNothing(expected) ? isNothing(actual) : Json.owned(actual).equals(Json.owned(expected));
    if (!same) {
      throw failed();
    }
  }

  private static boolean isNothing(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  private static JsonNode require(ObjectNode holder, String path) {
    var found = find(holder, path);
    if (found.isMissingNode()) {
      throw failed();
    }
    return found;
  }

  private static void add(ObjectNode holder, String path, JsonNode value) {
    var steps = steps(path);
    var parent = parent(holder, steps);
    var last = steps.getLast();
    switch (parent) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array -> {
        int at = last.equals(END) ? array.size() : index(last);
        if (at > array.size()) {
          throw failed();
        }
        array.insert(at, value);
      }
      default -> throw failed();
    }
  }

  private static void replace(ObjectNode holder, String path, JsonNode value) {
    var steps = steps(path);
    switch (parent(holder, steps)) {
      case ObjectNode object -> object.set(steps.getLast(), value);
      case ArrayNode array when index(steps.getLast()) < array.size() ->
          array.set(index(steps.getLast()), value);
      default -> throw failed();
    }
  }

  private static void remove(ObjectNode holder, String path) {
    var steps = steps(path);
    var removed =
        switch (parent(holder, steps)) {
          case ObjectNode object -> object.remove(steps.getLast());
          case ArrayNode array -> array.remove(index(steps.getLast()));
          default -> null;
        };
    if (removed == null) {
      throw failed();
    }
  }

  private static JsonNode parent(ObjectNode holder, List<String> steps) {
    JsonNode node = holder;
    for (String step : steps.subList(0, steps.size() - 1)) {
      node = step(node, step);
    }
    if (node.isMissingNode()) {
      throw failed();
    }
    return node;
  }

  private static JsonNode find(ObjectNode holder, String path) {
    JsonNode node = holder;
    for (String step : steps(path)) {
      node = step(node, step);
    }
    return node;
  }

  private static JsonNode step(JsonNode node, String step) {
    if (node instanceof ArrayNode array) {
      return INDEX.matcher(step).matches() ? array.path(Integer.parseInt(step)) : array.path("");
    }
    return node.path(step);
  }

  private static int index(String step) {
    if (!INDEX.matcher(step).matches()) {
      throw failed();
    }
    return Integer.parseInt(step);
  }

  /// The steps of a JSON pointer, below the field "" of the holder.
  private static List<String> steps(String path) {
    var steps = new ArrayList<String>();
    for (String step : path.split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return steps;
  }

  /// Kubernetes does not say what failed.
  private static ApiException failed() {
    return new ApiException(
        new Status(
            422,
            "Invalid",
            "the server rejected our request due to an error in our request",
            Status.Subject.NONE));
  }
}
