package dev.serin.judge;

/// The standard normal distribution.
final class Normal {

  private Normal() {}

  /// Probability of a value up to this one, by a continued fraction or a series; exact to 1e-12.
  static double below(double x) {
    if (Math.abs(x) > 38) {
      return x > 0 ? 1 : 0;
    }
    var density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    if (Math.abs(x) < 3) {
      var term = x;
      var sum = x;
      for (var i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
        term *= x * x / i;
        sum += term;
      }
      return 0.5 + density * sum;
    }
    var tail = 0.0;
    for (var i = 200; i > 0; i--) {
      tail = i / (Math.abs(x) + tail);
    }
    var beyond = density / (Math.abs(x) + tail);
    return x > 0 ? 1 - beyond : beyond;
  }

  /// The value that is not exceeded with this probability, between 0 and 1.
  static double quantile(double probability) {
    var low = -38.0;
    var high = 38.0;
    for (var i = 0; i < 100; i++) {
      var middle = (low + high) / 2;
      if (below(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
