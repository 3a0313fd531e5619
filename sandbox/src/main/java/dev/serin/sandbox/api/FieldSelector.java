package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Which fields of an object must, or must not, have which value.
///
/// @param terms all must hold; none selects everything
public record FieldSelector(List<Term> terms) implements Predicate<JsonNode> {

  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  /// @param path field, e.g. `metadata.name`
  /// @param value text of the field; a missing field is ""
  /// @param equal false for `!=`
  public record Term(String path, String value, boolean equal) {}

  public FieldSelector {
    terms = List.copyOf(terms);
  }

  /// Reads `metadata.name=web,status.phase!=Running`.
  ///
  /// @param known fields that the kind can be selected by
  /// @throws ApiException 400 when it does not read, or names a field that cannot be selected by
  static FieldSelector parse(String text, java.util.Collection<String> known) {
    var terms = new ArrayList<Term>();
    for (String part : text.split(",")) {
      if (part.isEmpty()) {
        continue;
      }
      int at = part.indexOf('=');
      if (at <= 0) {
        throw ApiException.badRequest(
            "invalid selector: '%s'; can't understand '%s'".formatted(text, part));
      }
      boolean equal = part.charAt(at - 1) != '!';
      var path = part.substring(0, equal ? at : at - 1);
      var value = part.substring(part.startsWith("==", at) ? at + 2 : at + 1);
      if (!known.contains(path)) {
        throw ApiException.badRequest(
            "\"%s\" is not a known field selector: only %s"
                .formatted(
                    path,
                    known.stream().map(k -> '"' + k + '"').collect(Collectors.joining(", "))));
      }
      terms.add(new Term(path, value, equal));
    }
    return new FieldSelector(terms);
  }

  /// The name of the only object that can be selected; "" when it may be any.
  String name() {
    return terms.stream()
        .filter(term -> term.equal() && term.path().equals("metadata.name"))
        .map(Term::value)
        .findFirst()
        .orElse("");
  }

  @Override
  public boolean test(JsonNode object) {
    for (Term term : terms) {
      JsonNode node = object;
      for (String field : term.path().split("\\.")) {
        node = node.path(field);
      }
      if (node.asText("").equals(term.value()) != term.equal()) {
        return false;
      }
    }
    return true;
  }
}
