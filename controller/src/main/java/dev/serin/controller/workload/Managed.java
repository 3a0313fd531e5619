package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.ObjectRef;
import java.util.Optional;

/// Whether an object already says what is wanted of it, so that a write would change nothing.
public final class Managed {
  private Managed() {}

  /// Whether every field that is wanted is there with its value. Fields that nobody asked for are
  /// their owner's; lists must have the same items in the same order, each as wanted. A wanted
  /// `false`, 0, empty text or empty map is the same as a missing one, as the API server leaves
  /// those out.
  public static boolean says(JsonNode actual, JsonNode wanted) {
    return switch (wanted.getNodeType()) {
      case OBJECT -> saysObject(actual, wanted);
      case ARRAY -> saysArray(actual, wanted);
      case NUMBER ->
          actual.isNumber()
              ? actual.decimalValue().compareTo(wanted.decimalValue()) == 0
              : isEmpty(actual) && wanted.decimalValue().signum() == 0;
      default -> actual.equals(wanted) || (isEmpty(actual) && isEmpty(wanted));
    };
  }

  /// The change after which an object says what is wanted of it; empty when it does already. Labels
  /// and annotations of others stay; fields of `spec` are replaced as a whole.
  public static Optional<Change> repair(ObjectRef ref, ObjectNode actual, JsonNode wanted) {
    var operations = new Operations();
    for (var map : new String[] {"labels", "annotations"}) {
      var entries = Fields.at(wanted, "metadata", map);
      if (!entries.isEmpty() && !Fields.at(actual, "metadata", map).isObject()) {
        operations.set("/metadata/" + map, JsonNodeFactory.instance.objectNode());
      }
      for (var entry : entries.properties()) {
        if (!says(Fields.at(actual, "metadata", map, entry.getKey()), entry.getValue())) {
          operations.set("/metadata/" + map + "/" + escaped(entry.getKey()), entry.getValue());
        }
      }
    }
    for (var field : wanted.path("spec").properties()) {
      if (!says(Fields.at(actual, "spec", field.getKey()), field.getValue())) {
        operations.set("/spec/" + field.getKey(), field.getValue());
      }
    }
    return operations.isEmpty() ? Optional.empty() : Optional.of(operations.change(ref, actual));
  }

  /// A key as a part of a JSON pointer.
  static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static boolean saysObject(JsonNode actual, JsonNode wanted) {
    for (var entry : wanted.properties()) {
      if (!says(actual.path(entry.getKey()), entry.getValue())) {
        return false;
      }
    }
    return actual.isObject() || isEmpty(actual);
  }

  private static boolean saysArray(JsonNode actual, JsonNode wanted) {
    if (isEmpty(actual)) {
      return wanted.isEmpty();
    }
    if (!actual.isArray() || actual.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!says(actual.path(i), wanted.path(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEmpty(JsonNode node) {
    return switch (node.getNodeType()) {
      case MISSING, NULL -> true;
      case BOOLEAN -> !node.booleanValue();
      case STRING -> node.textValue().isEmpty();
      default -> false;
    };
  }
}
