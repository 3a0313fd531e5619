package dev.serin.sandbox.workload;

/// A number, or a percentage of another one.
final class IntOrPercent {

  private IntOrPercent() {}

  /// @param text such as `3` or `25%`
  /// @param of what the percentage is taken of
  /// @param up whether a fraction is rounded up
  static int resolve(String text, int of, boolean up) {
    if (!text.endsWith("%")) {
      return Integer.parseInt(text);
    }
    double share = Integer.parseInt(text.substring(0, text.length() - 1)) * of / 100.0;
    return (int) (up ? Math.ceil(share) : Math.floor(share));
  }
}
