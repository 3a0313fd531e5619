package dev.serin.judge;

import java.util.List;

/// How many bad requests tend to come together, from one cause: 1 when each is an event of its own.
///
/// @param phi divisor of the evidence, 1 to 50
/// @param measured from stable's pods; otherwise a cautious guess
public record Dispersion(double phi, boolean measured) {

  /// What is assumed where telemetry does not tell pods apart.
  public static final Dispersion UNKNOWN = new Dispersion(2, false);

  private static final double MAX = 50;

  /// Bad requests' worth of belief in [#UNKNOWN] before any are seen. Few: more would slow down the
  /// judgement of a service without bursts, and where bursts are large they would make them look
  /// small.
  private static final double PRIOR = 4;

  /// From here on evidence grows so slowly that people should know why.
  private static final double BURSTY = 3;

  public Dispersion {
    if (!(phi >= 1 && phi <= MAX)) {
      throw new IllegalArgumentException("phi is " + phi + "; it must be between 1 and " + MAX);
    }
  }

  /// Every bad request is an event of its own.
  static final Dispersion INDEPENDENT = new Dispersion(1, true);

  /// Measured between stable's pods within each tick, so that what happens to all of them at once
  /// does not count.
  ///
  /// @param ticks for each tick before the rollout, what each stable pod did
  public static Dispersion of(List<? extends Iterable<Arm>> ticks) {
    return of(ticks, PRIOR);
  }

  /// @param prior bad requests' worth of belief in [#UNKNOWN]
  static Dispersion of(List<? extends Iterable<Arm>> ticks, double prior) {
    var sum = 0.0;
    var bad = 0.0;
    for (var tick : ticks) {
      var excess = excess(tick);
      if (excess.pods > 1 && excess.all.bad() > 0) {
        sum += excess.all.bad() * excess.chiSquare / (excess.pods - 1);
        bad += excess.all.bad();
      }
    }
    if (bad == 0) {
      return UNKNOWN;
    }
    var estimate = (UNKNOWN.phi * prior + sum) / (prior + bad);
    return new Dispersion(Math.clamp(estimate, 1, MAX), true);
  }

  /// At least this, as where a mesh retries: one failure may then be counted once per attempt.
  public Dispersion atLeast(double floor) {
    return phi >= floor ? this : new Dispersion(Math.min(floor, MAX), measured);
  }

  /// Whether bad requests come in bursts that slow every judgement down.
  public boolean bursty() {
    return measured && phi >= BURSTY;
  }

  private record Excess(int pods, Arm all, double chiSquare) {}

  private static Excess excess(Iterable<Arm> tick) {
    var all = Arm.NONE;
    var pods = 0;
    for (var pod : tick) {
      if (pod.requests() > 0) {
        all = all.plus(pod);
        pods++;
      }
    }
    var chiSquare = 0.0;
    for (var pod : tick) {
      if (pod.requests() > 0 && all.bad() > 0) {
        var fair = (double) all.bad() * pod.requests() / all.requests();
        chiSquare += (pod.bad() - fair) * (pod.bad() - fair) / fair;
      }
    }
    return new Excess(pods, all, chiSquare);
  }
}
