package dev.serin.sandbox.telemetry;

import dev.serin.sandbox.telemetry.Expr.Binary;
import dev.serin.sandbox.telemetry.Expr.Matching;
import dev.serin.sandbox.telemetry.Expr.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What stands between two operands.
final class Operators {

  private Operators() {}

  static Answer apply(Binary binary, Answer left, Answer right) {
    if (Parser.SETS.contains(binary.operator())) {
      return new Answer.Vector(sets(binary, vector(left), vector(right)));
    }
    return switch (left) {
      case Answer.Scalar(var l) ->
          switch (right) {
            case Answer.Scalar(var r) -> new Answer.Scalar(both(binary.operator(), l, r));
            case Answer.Vector(var samples) ->
                new Answer.Vector(
                    samples.stream()
                        .flatMap(s -> one(binary, s, l, s.value(), s.value()).stream())
                        .toList());
            case Answer.Text _ -> throw noText();
          };
      case Answer.Vector(var samples) ->
          switch (right) {
            case Answer.Scalar(var r) ->
                new Answer.Vector(
                    samples.stream()
                        .flatMap(s -> one(binary, s, s.value(), r, s.value()).stream())
                        .toList());
            case Answer.Vector(var others) -> new Answer.Vector(matched(binary, samples, others));
            case Answer.Text _ -> throw noText();
          };
      case Answer.Text _ -> throw noText();
    };
  }

  /// A sample and a number; comparisons filter, unless they answer 0 or 1.
  private static Optional<Sample> one(
      Binary binary, Sample sample, double left, double right, double kept) {
    boolean compares = Parser.COMPARISONS.contains(binary.operator());
    double value = both(binary.operator(), left, right);
    if (compares && !binary.bool()) {
      return value == 0 ? Optional.empty() : Optional.of(new Sample(sample.labels(), kept));
    }
    return Optional.of(new Sample(sample.labels().withoutName(), value));
  }

  private static List<Sample> matched(Binary binary, List<Sample> left, List<Sample> right) {
    var matching = binary.matching();
    boolean manyRight = matching.side().equals(Optional.of(Side.RIGHT));
    var many = manyRight ? right : left;
    var one = manyRight ? left : right;
    var ones = new HashMap<Labels, Sample>();
    for (Sample sample : one) {
      if (ones.putIfAbsent(signature(matching, sample.labels()), sample) != null) {
        throw new QueryException(
            "found duplicate series for the match group %s on the %s hand-side of the operation"
                .formatted(
                    signature(matching, sample.labels()).values(), manyRight ? "left" : "right"));
      }
    }
    var seen = new HashSet<Labels>();
    var result = new ArrayList<Sample>();
    for (Sample sample : many) {
      var other = ones.get(signature(matching, sample.labels()));
      if (other == null) {
        continue;
      }
      double l = manyRight ? other.value() : sample.value();
      double r = manyRight ? sample.value() : other.value();
      double value = both(binary.operator(), l, r);
      boolean filters = Parser.COMPARISONS.contains(binary.operator()) && !binary.bool();
      if (filters && value == 0) {
        continue;
      }
      var labels = resultLabels(binary, sample.labels(), other.labels());
      if (!seen.add(labels)) {
        throw new QueryException(
            "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
      }
      result.add(new Sample(labels, filters ? l : value));
    }
    return result;
  }

  private static Labels resultLabels(Binary binary, Labels many, Labels one) {
    var matching = binary.matching();
    boolean keepsName = Parser.COMPARISONS.contains(binary.operator()) && !binary.bool();
    var labels = keepsName ? many : many.withoutName();
    if (matching.side().isEmpty()) {
      return matching.on() ? labels.only(matching.labels()) : labels.without(matching.labels());
    }
    for (String name : matching.include()) {
      labels = labels.with(name, one.get(name));
    }
    return labels;
  }

  private static List<Sample> sets(Binary binary, List<Sample> left, List<Sample> right) {
    var matching = binary.matching();
    var result = new ArrayList<Sample>();
    boolean isOr = binary.operator().equals("or");
    var others = new HashSet<Labels>();
    (isOr ? left : right).forEach(s -> others.add(signature(matching, s.labels())));
    if (isOr) {
      result.addAll(left);
      right.stream()
          .filter(s -> !others.contains(signature(matching, s.labels())))
          .forEach(result::add);
      return result;
    }
    boolean wanted = binary.operator().equals("and");
    left.stream()
        .filter(s -> others.contains(signature(matching, s.labels())) == wanted)
        .forEach(result::add);
    return result;
  }

  private static Labels signature(Matching matching, Labels labels) {
    return matching.on()
        ? labels.only(matching.labels())
        : labels.without(matching.labels()).withoutName();
  }

  private static List<Sample> vector(Answer answer) {
    if (answer instanceof Answer.Vector(var samples)) {
      return samples;
    }
    throw new QueryException("parse error: set operators only stand between vectors");
  }

  private static QueryException noText() {
    return new QueryException("parse error: operators do not take strings");
  }

  private static double both(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "%" -> left % right;
      case "^" -> Math.pow(left, right);
      case "==" -> left == right ? 1 : 0;
      case "!=" -> left != right ? 1 : 0;
      case "<" -> left < right ? 1 : 0;
      case ">" -> left > right ? 1 : 0;
      case "<=" -> left <= right ? 1 : 0;
      case ">=" -> left >= right ? 1 : 0;
      default -> throw new IllegalArgumentException("no operator: " + operator);
    };
  }
}
