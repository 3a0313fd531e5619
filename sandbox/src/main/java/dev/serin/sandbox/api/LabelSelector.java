package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Which labels an object must carry.
///
/// @param requirements all must hold; none selects everything
public record LabelSelector(List<Requirement> requirements) implements Predicate<JsonNode> {

  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  private static final Pattern SET =
      Pattern.compile("\\s*([^\\s,!=()]+)\\s+(in|notin)\\s+\\(([^()]*)\\)\\s*");
  private static final Pattern EQUALITY =
      Pattern.compile("\\s*([^\\s,!=()]+)\\s*(==|=|!=)\\s*([^\\s,!=()]*)\\s*");
  private static final Pattern EXISTENCE = Pattern.compile("\\s*(!?)\\s*([^\\s,!=()]+)\\s*");

  /// One condition on one label.
  ///
  /// @param key name of the label
  /// @param operator how it is compared
  /// @param values with what; empty for existence
  public record Requirement(String key, Operator operator, Set<String> values) {

    boolean test(JsonNode labels) {
      var value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value.asText());
        case NOT_IN -> value == null || !values.contains(value.asText());
        case EXISTS -> value != null;
        case ABSENT -> value == null;
      };
    }
  }

  /// How a label is compared.
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    ABSENT
  }

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /// Objects whose labels contain all of these.
  public static LabelSelector of(Map<String, String> labels) {
    return new LabelSelector(
        labels.entrySet().stream()
            .map(e -> new Requirement(e.getKey(), Operator.IN, Set.of(e.getValue())))
            .toList());
  }

  /// Reads `a=b,c!=d,e in (f,g),h,!i`.
  ///
  /// @throws ApiException 400 when it does not read
  public static LabelSelector parse(String text) {
    var found = new ArrayList<Requirement>();
    int at = 0;
    while (at < text.length()) {
      var set = SET.matcher(text).region(at, text.length());
      var equality = EQUALITY.matcher(text).region(at, text.length());
      var existence = EXISTENCE.matcher(text).region(at, text.length());
      if (set.lookingAt()) {
        var values = new TreeSet<String>();
        for (String value : set.group(3).split(",", -1)) {
          values.add(value.strip());
        }
        var operator = set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN;
        found.add(new Requirement(set.group(1), operator, values));
        at = set.end();
      } else if (equality.lookingAt()) {
        var operator = equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN;
        found.add(new Requirement(equality.group(1), operator, Set.of(equality.group(3))));
        at = equality.end();
      } else if (existence.lookingAt()) {
        var operator = existence.group(1).isEmpty() ? Operator.EXISTS : Operator.ABSENT;
        found.add(new Requirement(existence.group(2), operator, Set.of()));
        at = existence.end();
      } else {
        throw unreadable(text);
      }
      if (at < text.length() && text.charAt(at) != ',') {
        throw unreadable(text);
      }
      at++;
    }
    return new LabelSelector(found);
  }

  /// Reads a `metav1.LabelSelector` (`matchLabels`, `matchExpressions`). As in Kubernetes, an empty
  /// one selects everything and a missing one nothing.
  public static Predicate<JsonNode> from(JsonNode selector) {
    if (!selector.isObject()) {
      return object -> false;
    }
    var found = new ArrayList<Requirement>();
    selector
        .path("matchLabels")
        .forEachEntry((k, v) -> found.add(new Requirement(k, Operator.IN, Set.of(v.asText()))));
    for (JsonNode expression : selector.path("matchExpressions")) {
      var values = new TreeSet<String>();
      expression.path("values").forEach(v -> values.add(v.asText()));
      var operator =
          switch (expression.path("operator").asText()) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            default -> Operator.ABSENT;
          };
      found.add(new Requirement(expression.path("key").asText(), operator, values));
    }
    return new LabelSelector(found);
  }

  @Override
  public boolean test(JsonNode object) {
    if (requirements.isEmpty()) {
      return true;
    }
    var labels = object.path("metadata").path("labels");
    for (Requirement requirement : requirements) {
      if (!requirement.test(labels)) {
        return false;
      }
    }
    return true;
  }

  /// A requirement that one label has one value, by which an index can find candidates.
  Optional<Requirement> indexable() {
    return requirements.stream()
        .filter(r -> r.operator() == Operator.IN && r.values().size() == 1)
        .findFirst();
  }

  private static ApiException unreadable(String text) {
    return ApiException.badRequest(
        "unable to parse requirement: found '%s', expected: a label selector such as app=web,tier in (a,b)"
            .formatted(text));
  }
}
