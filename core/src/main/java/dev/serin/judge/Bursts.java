package dev.serin.judge;

import java.time.Duration;

/// What a burst of bad requests, an accident of a few seconds, may do to a judgement.
///
/// @param cap the most that the evidence of a bet may gain, in log, over `cappedTicks` in a row
/// @param cappedTicks ticks in a row that share one cap, at least 1
/// @param touchedTicks ticks in a row that one burst can touch, at least 1
/// @param longest how long a burst can last, in ticks
/// @param lasting evidence against the canary that must remain when the strongest burst is left
///   out, so that a burst condemns nobody, not even with one more unlucky request; 0 for no such
///   demand
/// @param mostLasting the same after a burst of very many bad requests, at least `lasting`
public record Bursts(
    double cap,
    int cappedTicks,
    int touchedTicks,
    double longest,
    double lasting,
    double mostLasting) {

  /// Bursts up to this long are one accident.
  static final Duration LONGEST = Duration.ofSeconds(5);

  private static final double CAP = 3;
  private static final double LASTING = 2.5;
  private static final double MOST_LASTING = 12;

  /// What each bad request of the worst burst adds to the demand, in log: the further a burst
  /// stands out, the less the rest may lean on it.
  private static final double DEMAND_PER_BAD = 0.2;

  public Bursts {
    if (!(cap > 0) || cappedTicks < 1 || touchedTicks < 1 || !(longest > 0)) {
      throw new IllegalArgumentException(
          "cap %s, cappedTicks %d, touchedTicks %d, longest %s; must be positive"
              .formatted(cap, cappedTicks, touchedTicks, longest));
    }
    if (!(lasting >= 0 && mostLasting >= lasting)) {
      throw new IllegalArgumentException(
          "lasting %s, mostLasting %s; expected 0 or more, the second not less than the first"
              .formatted(lasting, mostLasting));
    }
  }

  /// The rule for ticks of this length. Where ticks are as long as a burst, each has a cap of its
  /// own, so that two of them can condemn a canary that fails all the time. Where they are longer,
  /// much more than a burst is left out with one, so that no more is demanded of the rest.
  public static Bursts at(Duration tick) {
    var ticks = (double) LONGEST.toMillis() / Math.max(1, tick.toMillis());
    var touched = (int) Math.ceil(ticks) + 1;
    return new Bursts(
        CAP, ticks > 1 ? touched : 1, touched, ticks, LASTING, ticks >= 1 ? MOST_LASTING : LASTING);
  }

  /// A cap for each tick and nothing else.
  static Bursts cappedPerTick(double cap) {
    return new Bursts(cap, 1, 1, 1, 0, 0);
  }

  /// How many ticks before the present one have to be remembered.
  int memory() {
    return Math.max(cappedTicks, touchedTicks) - 1;
  }

  /// Whether one burst can have made all the bad requests of so many ticks in a row. Nobody knows
  /// when in its tick a request came, so where ticks are shorter than a burst it always can: bad
  /// requests that all came within one never condemn. In longer ticks they would have to crowd into
  /// a small part of them; traffic is not even, so only what is far beyond a burst is no burst.
  boolean canExplain(Arm canary, int ticks) {
    if (longest > 1) {
      return true;
    }
    var most = canary.requests() * Math.min(1, longest / ticks);
    return canary.bad() <= most + 3 * Math.sqrt(most) + 1;
  }

  /// Whether evidence must remain without the strongest burst.
  boolean leavesBurstsOut() {
    return lasting > 0;
  }

  /// The caps alone, for a test that condemns nobody.
  Bursts capped() {
    return new Bursts(cap, cappedTicks, touchedTicks, longest, 0, 0);
  }

  /// Log of the evidence that must remain.
  ///
  /// @param worst bad requests in the worst burst
  double demand(long worst) {
    return !leavesBurstsOut()
        ? Double.NEGATIVE_INFINITY
        : Math.clamp(DEMAND_PER_BAD * worst, Math.log(lasting), Math.log(mostLasting));
  }
}
