package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How answers are printed, with kubectl's own words.
enum OutputFormat {
  /// For people; what is printed when nothing is said.
  TABLE,
  WIDE,
  JSON,
  YAML,
  NAME;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String json(JsonNode value) {
    return Printing.text(Printing.AS_JSON, value);
  }

  static String yaml(JsonNode value) {
    return Printing.text(Printing.AS_YAML, value).stripTrailing();
  }

  /// Names as `kind.group/name`, a line each.
  static String names(String kind, List<ObjectNode> objects) {
    return objects.stream()
        .map(object -> kind + "/" + object.at("/metadata/name").asText())
        .collect(Collectors.joining("\n"));
  }

  /// Several objects as a Kubernetes `List`.
  static ObjectNode list(List<ObjectNode> objects) {
    return Printing.list(objects);
  }

  /// Reads what follows `-o`, where only some formats make sense.
  abstract static class Among implements ITypeConverter<OutputFormat> {
    private final List<OutputFormat> known;

    Among(OutputFormat... known) {
      this.known = List.of(known);
    }

    @Override
    public OutputFormat convert(String text) {
      return known.stream()
          .filter(format -> format.word().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s"
                          .formatted(
                              text,
                              known.stream()
                                  .map(OutputFormat::word)
                                  .collect(Collectors.joining(", ")))));
    }
  }

  /// `json`, `yaml`, `wide`, `name`.
  static final class Any extends Among {
    Any() {
      super(JSON, YAML, WIDE, NAME);
    }
  }

  /// `json`, `yaml`, `name`: for one object that was made, which is no table.
  static final class OfObject extends Among {
    OfObject() {
      super(JSON, YAML, NAME);
    }
  }

  /// `json`, `yaml`, `wide`: for what has no names.
  static final class Nameless extends Among {
    Nameless() {
      super(JSON, YAML, WIDE);
    }
  }

  /// Only `json`.
  static final class OnlyJson extends Among {
    OnlyJson() {
      super(JSON);
    }
  }
}
