package dev.serin.judge;

/// Whether the requests that were counted agree with the split that was asked for. Proof means *not
/// contradicted*: only requests far from the wanted share, and enough of them, hold a step.
public sealed interface TrafficProof {

  /// @param canary requests to the canary
  /// @param all requests to both
  record Agrees(long canary, long all) implements TrafficProof {}

  /// @param share observed, 0 to 1
  /// @param expected share by the weight, 0 to 1
  /// @param all requests that say so
  record Contradicts(double share, double expected, long all) implements TrafficProof {

    /// In words, for a person who wonders why the step does not end.
    public String reason() {
      return "the canary got "
          + Words.percent(share)
          + " of "
          + Words.count(all)
          + " requests, its weight is "
          + Words.percent(expected);
    }
  }

  /// Too few requests: what the mesh says of its settle time decides alone.
  ///
  /// @param all requests so far
  record NotEnough(long all) implements TrafficProof {}

  /// Fewer requests than this expected on the smaller side say nothing.
  double ENOUGH = 5;

  /// Probability of holding a step that is all right, at one look.
  double LEVEL = 1e-4;

  /// Connections that are used again, and proxies that do not agree yet, shift the share for good;
  /// so much of the smaller share, and so much of all, is no contradiction.
  double RELATIVE_SKEW = 0.25;

  double ABSOLUTE_SKEW = 0.005;

  /// Requests that go together because a connection carries them.
  double TOGETHER = 4;

  /// Holds the requests counted since the split was confirmed against it.
  ///
  /// @param weight wanted share of the canary in percent, 0 to 100
  static TrafficProof of(long canary, long stable, int weight) {
    var all = canary + stable;
    var expected = weight / 100.0;
    var smaller = Math.min(expected, 1 - expected);
    if (all == 0 || (smaller > 0 && all * smaller < ENOUGH)) {
      return new NotEnough(all);
    }
    var share = (double) canary / all;
    var skew = RELATIVE_SKEW * smaller + ABSOLUTE_SKEW;
    var nearest = Math.clamp(share, Math.max(0, expected - skew), Math.min(1, expected + skew));
    // Chernoff: an observed share is this unlikely at most, when the true one is the nearest
    // allowed.
    var unlikely = all / TOGETHER * divergence(share, nearest);
    return unlikely >= Math.log(1 / LEVEL)
        ? new Contradicts(share, expected, all)
        : new Agrees(canary, all);
  }

  /// How far a coin that shows `p` is from one that is `q`, in nats a throw.
  private static double divergence(double p, double q) {
    return part(p, q) + part(1 - p, 1 - q);
  }

  private static double part(double p, double q) {
    return p == 0 ? 0 : p * Math.log(p / q);
  }
}
