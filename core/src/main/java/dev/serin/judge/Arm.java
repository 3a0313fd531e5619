package dev.serin.judge;

/// What one version did in some time.
///
/// @param requests answered, 0 or more
/// @param bad those of them that failed, or were slower than the limit; never more than `requests`
public record Arm(long requests, long bad) {

  /// Nothing was asked of it.
  public static final Arm NONE = new Arm(0, 0);

  public Arm {
    if (requests < 0 || bad < 0 || bad > requests) {
      throw new IllegalArgumentException(
          bad + " bad of " + requests + " requests; expected 0 <= bad <= requests");
    }
  }

  /// Counts as telemetry gives them, where a scrape in the middle of an update may show more bad
  /// requests than requests.
  public static Arm clamped(long requests, long bad) {
    var n = Math.max(0, requests);
    return new Arm(n, Math.clamp(bad, 0, n));
  }

  /// Share of bad requests, 0 to 1; 0 when nothing was asked.
  public double share() {
    return requests == 0 ? 0 : (double) bad / requests;
  }

  /// Both together.
  public Arm plus(Arm more) {
    return new Arm(requests + more.requests, bad + more.bad);
  }
}
