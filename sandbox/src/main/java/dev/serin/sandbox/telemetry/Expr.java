package dev.serin.sandbox.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A parsed query.
sealed interface Expr {

  /// A number.
  record Literal(double value) implements Expr {}

  /// A text, which only functions take.
  record Text(String value) implements Expr {}

  /// Series by name and labels.
  ///
  /// @param metric "" for any
  /// @param range how far back; empty for the newest sample only
  /// @param offset how long ago
  record Selector(String metric, List<Matcher> matchers, Optional<Duration> range, Duration offset)
      implements Expr {

    Selector over(Duration range) {
      return new Selector(metric, matchers, Optional.of(range), offset);
    }

    Selector before(Duration offset) {
      return new Selector(metric, matchers, range, offset);
    }
  }

  /// A call of a function.
  record Call(String function, List<Expr> arguments) implements Expr {}

  /// Many series made to few.
  record Aggregation(String operator, Expr of, Grouping grouping) implements Expr {}

  /// Which labels make a group.
  ///
  /// @param without whether the labels are those that do not
  record Grouping(boolean without, List<String> labels) {}

  /// Two sides and what is between them.
  record Binary(String operator, boolean bool, Expr left, Expr right, Matching matching)
      implements Expr {}

  /// How series of two sides find each other.
  ///
  /// @param on whether only the labels count, else all but these
  /// @param side where many may find one; empty for one to one
  /// @param include labels taken from the one
  record Matching(boolean on, List<String> labels, Optional<Side> side, List<String> include) {
    static final Matching ALL = new Matching(false, List.of(), Optional.empty(), List.of());
  }

  enum Side {
    LEFT,
    RIGHT
  }

  /// The sign turned round.
  record Negation(Expr of) implements Expr {}
}
