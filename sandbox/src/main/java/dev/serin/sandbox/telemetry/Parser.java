package dev.serin.sandbox.telemetry;

import dev.serin.sandbox.telemetry.Expr.Aggregation;
import dev.serin.sandbox.telemetry.Expr.Binary;
import dev.serin.sandbox.telemetry.Expr.Grouping;
import dev.serin.sandbox.telemetry.Expr.Matching;
import dev.serin.sandbox.telemetry.Expr.Selector;
import dev.serin.sandbox.telemetry.Expr.Side;
import dev.serin.sandbox.telemetry.Lexer.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the part of PromQL that is understood here: selectors with matchers, ranges and offsets,
/// functions, aggregations, arithmetic, comparison and set operators with vector matching. Not
/// understood, and said so: subqueries, `@`, and functions that are not listed.
final class Parser {

  static final Set<String> AGGREGATIONS = Set.of("sum", "avg", "min", "max", "count", "group");
  static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");
  static final Set<String> SETS = Set.of("and", "or", "unless");

  private static final Map<String, Integer> PRECEDENCE =
      Map.ofEntries(
          Map.entry("or", 1),
          Map.entry("and", 2),
          Map.entry("unless", 2),
          Map.entry("==", 3),
          Map.entry("!=", 3),
          Map.entry("<", 3),
          Map.entry(">", 3),
          Map.entry("<=", 3),
          Map.entry(">=", 3),
          Map.entry("+", 4),
          Map.entry("-", 4),
          Map.entry("*", 5),
          Map.entry("/", 5),
          Map.entry("%", 5),
          Map.entry("^", 6));
  private static final int SIGN = 6;
  private static final Pattern PART = Pattern.compile("([0-9]+)(ms|[smhdwy])");

  private final List<Token> tokens;
  private int next;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /// @throws QueryException when it does not read
  static Expr parse(String query) {
    var parser = new Parser(Lexer.tokens(query));
    var expr = parser.binary(0);
    if (parser.peek().type() != Lexer.Type.END) {
      throw parser.unexpected("end of input");
    }
    return expr;
  }

  private Expr binary(int weakest) {
    var left = signed();
    while (true) {
      var operator = peek().text().toLowerCase(Locale.ROOT);
      boolean isOperator =
          (peek().type() == Lexer.Type.SYMBOL || peek().type() == Lexer.Type.NAME)
              && PRECEDENCE.containsKey(operator);
      int precedence = isOperator ? PRECEDENCE.getOrDefault(operator, 0) : 0;
      if (!isOperator || precedence < Math.max(1, weakest)) {
        return left;
      }
      take();
      boolean bool = false;
      if (peek().isWord("bool")) {
        take();
        bool = true;
      }
      var matching = matching();
      // The power operator binds to the right.
      var right = binary(operator.equals("^") ? precedence : precedence + 1);
      left = new Binary(operator, bool, left, right, matching);
    }
  }

  private Expr signed() {
    if (peek().is("-")) {
      take();
      return new Expr.Negation(binary(SIGN));
    }
    if (peek().is("+")) {
      take();
      return binary(SIGN);
    }
    return suffixed(primary());
  }

  private Expr primary() {
    var token = peek();
    return switch (token.type()) {
      case NUMBER -> new Expr.Literal(number(take().text()));
      case TEXT -> new Expr.Text(take().text());
      case NAME -> named(token);
      case SYMBOL -> bracketed(token);
      case DURATION, END -> throw unexpected("an expression");
    };
  }

  private Expr bracketed(Token token) {
    if (token.is("{")) {
      return selector("");
    }
    if (!token.is("(")) {
      throw unexpected("an expression");
    }
    take();
    var inner = binary(0);
    expect(")");
    return inner;
  }

  private Expr named(Token token) {
    var word = token.text().toLowerCase(Locale.ROOT);
    boolean opens = tokens.get(next + 1).is("(");
    if (AGGREGATIONS.contains(word)
        && (opens || tokens.get(next + 1).isWord("by") || tokens.get(next + 1).isWord("without"))) {
      take();
      return aggregation(word);
    }
    if (opens) {
      take();
      if (!Functions.KNOWN.contains(token.text())) {
        throw new QueryException(
            "%d: parse error: unknown function with name \"%s\"; known are %s"
                .formatted(token.at() + 1, token.text(), new java.util.TreeSet<>(Functions.KNOWN)));
      }
      return new Expr.Call(token.text(), arguments());
    }
    if (word.equals("inf") || word.equals("nan")) {
      take();
      return new Expr.Literal(word.equals("inf") ? Double.POSITIVE_INFINITY : Double.NaN);
    }
    take();
    return selector(token.text());
  }

  private Expr aggregation(String operator) {
    var grouping = grouping();
    var arguments = arguments();
    if (arguments.size() != 1) {
      throw new QueryException(
          "parse error: %s takes 1 argument, got %d".formatted(operator, arguments.size()));
    }
    if (grouping.isEmpty()) {
      grouping = grouping();
    }
    return new Aggregation(
        operator, arguments.getFirst(), grouping.orElse(new Grouping(false, List.of())));
  }

  private Optional<Grouping> grouping() {
    if (!peek().isWord("by") && !peek().isWord("without")) {
      return Optional.empty();
    }
    boolean without = take().isWord("without");
    return Optional.of(new Grouping(without, labelNames()));
  }

  private List<Expr> arguments() {
    expect("(");
    var arguments = new ArrayList<Expr>();
    while (!peek().is(")")) {
      arguments.add(binary(0));
      if (!peek().is(")")) {
        expect(",");
      }
    }
    take();
    return arguments;
  }

  private Selector selector(String metric) {
    var matchers = new ArrayList<Matcher>();
    var name = metric;
    if (peek().is("{")) {
      take();
      while (!peek().is("}")) {
        var matcher = matcher();
        if (matcher.label().equals(Labels.NAME) && matcher.operator() == Matcher.Operator.EQUAL) {
          name = matcher.value();
        }
        matchers.add(matcher);
        if (!peek().is("}")) {
          expect(",");
        }
      }
      take();
    }
    if (name.isEmpty() && matchers.stream().allMatch(Matcher::matchesAbsence)) {
      throw new QueryException(
          "parse error: vector selector must contain at least one non-empty matcher");
    }
    return new Selector(name, matchers, Optional.empty(), Duration.ZERO);
  }

  private Matcher matcher() {
    var label = take();
    if (label.type() != Lexer.Type.NAME) {
      throw unexpected(label, "a label name");
    }
    var operator = take();
    for (Matcher.Operator candidate : Matcher.Operator.values()) {
      if (operator.is(candidate.text)) {
        var value = take();
        if (value.type() != Lexer.Type.TEXT) {
          throw unexpected(value, "a quoted value");
        }
        return Matcher.of(label.text(), candidate, value.text());
      }
    }
    throw unexpected(operator, "=, !=, =~ or !~");
  }

  private Expr suffixed(Expr expr) {
    var result = expr;
    while (true) {
      if (peek().is("[")) {
        if (!(result instanceof Selector selector) || selector.range().isPresent()) {
          throw new QueryException(
              "ranges only follow selectors here; subqueries are not understood");
        }
        take();
        var range = duration();
        if (peek().text().startsWith(":")) {
          throw new QueryException("subqueries are not understood here");
        }
        expect("]");
        result = selector.over(range);
      } else if (peek().isWord("offset")) {
        take();
        boolean negative = peek().is("-");
        if (negative) {
          take();
        }
        var offset = duration();
        if (!(result instanceof Selector selector)) {
          throw new QueryException("parse error: offset only follows a selector");
        }
        result = selector.before(negative ? offset.negated() : offset);
      } else if (peek().is("@")) {
        throw new QueryException("the @ modifier is not understood here");
      } else {
        return result;
      }
    }
  }

  private Matching matching() {
    if (!peek().isWord("on") && !peek().isWord("ignoring")) {
      return Matching.ALL;
    }
    boolean on = take().isWord("on");
    var labels = labelNames();
    Optional<Side> side = Optional.empty();
    List<String> include = List.of();
    if (peek().isWord("group_left") || peek().isWord("group_right")) {
      side = Optional.of(take().isWord("group_left") ? Side.LEFT : Side.RIGHT);
      if (peek().is("(")) {
        include = labelNames();
      }
    }
    return new Matching(on, labels, side, include);
  }

  private List<String> labelNames() {
    expect("(");
    var names = new ArrayList<String>();
    while (!peek().is(")")) {
      var name = take();
      if (name.type() != Lexer.Type.NAME) {
        throw unexpected(name, "a label name");
      }
      names.add(name.text());
      if (!peek().is(")")) {
        expect(",");
      }
    }
    take();
    return names;
  }

  private Duration duration() {
    var token = take();
    if (token.type() != Lexer.Type.DURATION) {
      throw unexpected(token, "a duration such as 5m");
    }
    return duration(token.text());
  }

  /// @param text such as `1h30m`
  static Duration duration(String text) {
    var sum = Duration.ZERO;
    var matcher = PART.matcher(text);
    while (matcher.find()) {
      long count = Long.parseLong(matcher.group(1));
      sum =
          sum.plus(
              switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                case "w" -> Duration.ofDays(7 * count);
                default -> Duration.ofDays(365 * count);
              });
    }
    return sum;
  }

  private static double number(String text) {
    return text.startsWith("0x") || text.startsWith("0X")
        ? Long.parseLong(text.substring(2), 16)
        : Double.parseDouble(text);
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    var token = tokens.get(next);
    if (token.type() != Lexer.Type.END) {
      next++;
    }
    return token;
  }

  private void expect(String symbol) {
    var token = take();
    if (!token.is(symbol)) {
      throw unexpected(token, "'" + symbol + "'");
    }
  }

  private QueryException unexpected(String expected) {
    return unexpected(peek(), expected);
  }

  private static QueryException unexpected(Token token, String expected) {
    return new QueryException(
        "%d: parse error: unexpected \"%s\", expected %s"
            .formatted(token.at() + 1, token.text(), expected));
  }
}
