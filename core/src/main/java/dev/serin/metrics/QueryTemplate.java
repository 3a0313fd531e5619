package dev.serin.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A query with variables in double braces, such as `{{ target }}` or `{{ variables.team }}`.
///
/// @param text as the user wrote it
public record QueryTemplate(String text) {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{-?\\s*([\\w.-]*?)\\s*-?}}");

  /// What may stand outside of quotes: a number, or names, numbers and durations with commas
  /// between them. A blank between two words, or a sign between two numbers, would already be
  /// another expression.
  private static final Pattern WORDS =
      Pattern.compile("[\\w:.]*(\\s*,\\s*[\\w:.]+)*|[+-]?[\\d.]+([eE][+-]?\\d+)?");

  /// What came of filling in the variables.
  public sealed interface Rendered {

    record Query(String text) implements Rendered {}

    /// @param problems all of them, each with its cure
    record Unfit(List<String> problems) implements Rendered {
      public Unfit {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Fills in the variables as they are, for languages of which nothing is known.
  public Rendered render(Map<String, String> variables) {
    return render(variables, false);
  }

  /// Fills in the variables so that a value stays within the PromQL string that it stands in.
  public Rendered renderPromQl(Map<String, String> variables) {
    return render(variables, true);
  }

  private Rendered render(Map<String, String> variables, boolean promQl) {
    var problems = new ArrayList<String>();
    var query = new StringBuilder();
    var quotes = new Quotes();
    var matcher = VARIABLE.matcher(text);
    int end = 0;
    while (matcher.find()) {
      append(text.substring(end, matcher.start()), query, quotes, problems);
      end = matcher.end();
      var name = matcher.group(1);
      var value = variables.get(name);
      if (value == null) {
        problems.add(
            "the query names {{ %s }}; known are %s"
                .formatted(name, variables.keySet().stream().sorted().toList()));
      } else {
        query.append(promQl ? quoted(name, value, quotes, problems) : value);
      }
    }
    append(text.substring(end), query, quotes, problems);
    return problems.isEmpty()
        ? new Rendered.Query(query.toString())
        : new Rendered.Unfit(problems.stream().distinct().toList());
  }

  private static void append(
      String literal, StringBuilder query, Quotes quotes, List<String> problems) {
    if (literal.contains("{{")) {
      problems.add(
          "the query has '{{' without a variable name and '}}' after it; write {{ name }}");
    }
    literal.chars().forEach(c -> quotes.pass((char) c));
    query.append(literal);
  }

  private static String quoted(String name, String value, Quotes quotes, List<String> problems) {
    if (quotes.escaped) {
      problems.add(
          "{{ %s }} stands behind a backslash, which would take its first character apart; double the backslash"
              .formatted(name));
    }
    return switch (quotes.open) {
      case '"', '\'' ->
          value
              .replace("\\", "\\\\")
              .replace("\n", "\\n")
              .replace("\r", "\\r")
              .replace(String.valueOf(quotes.open), "\\" + quotes.open);
      case '`' -> {
        if (value.indexOf('`') >= 0) {
          problems.add("{{ %s }} holds a backtick and stands between backticks".formatted(name));
        }
        yield value;
      }
      default -> {
        if (!WORDS.matcher(value).matches()) {
          problems.add(
              "{{ %s }} is '%s' and stands outside of quotes, where only a number, or words of letters, digits and _:. with commas between them may; put it into quotes"
                  .formatted(name, value));
        }
        yield value;
      }
    };
  }

  /// Which quotes are open at a place of a PromQL expression.
  private static final class Quotes {
    private static final char NONE = 0;
    private static final char COMMENT = '#';
    private char open = NONE;
    private boolean escaped;

    void pass(char c) {
      if (escaped) {
        escaped = false;
      } else if (open == COMMENT) {
        open = c == '\n' ? NONE : COMMENT;
      } else if (open == NONE) {
        open = c == '"' || c == '\'' || c == '`' || c == COMMENT ? c : NONE;
      } else if (c == open) {
        open = NONE;
      } else {
        escaped = c == '\\' && open != '`';
      }
    }
  }
}
