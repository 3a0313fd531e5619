package dev.serin.judge;

import java.util.Arrays;

/// What happens in a simulated rollout, tick by tick.
///
/// @param rps requests per second to both versions together
/// @param tick seconds
/// @param weights share of the canary, 0 to 1
/// @param stable share of bad requests of stable
/// @param canary share of bad requests of the canary
/// @param together bad requests that one cause makes in one version
@SuppressWarnings("ArrayRecordComponent") // never compared
record Course(
    double rps, double tick, double[] weights, double[] stable, double[] canary, int together) {

  /// Ten steps from 5 to 50 %, a minute each.
  static double[] ramp(double tick) {
    var perStep = (int) Math.round(60 / tick);
    var weights = new double[10 * perStep];
    for (var t = 0; t < weights.length; t++) {
      weights[t] = 0.05 * (t / perStep + 1);
    }
    return weights;
  }

  static double[] constant(int ticks, double value) {
    var values = new double[ticks];
    Arrays.fill(values, value);
    return values;
  }

  static Course onRamp(double rps, double stable, double canary, int together) {
    var weights = ramp(10);
    return new Course(
        rps,
        10,
        weights,
        constant(weights.length, stable),
        constant(weights.length, canary),
        together);
  }

  static Course held(
      double rps, double tick, double seconds, double weight, double stable, double canary) {
    var ticks = (int) Math.round(seconds / tick);
    return new Course(
        rps, tick, constant(ticks, weight), constant(ticks, stable), constant(ticks, canary), 1);
  }

  /// The ticks of one run.
  Tick[] play(Draw draw) {
    var ticks = new Tick[weights.length];
    var step = 0;
    for (var t = 0; t < ticks.length; t++) {
      if (t > 0 && weights[t] != weights[t - 1]) {
        step++;
      }
      ticks[t] =
          new Tick(
              step,
              arm(draw, rps * tick * weights[t], canary[t]),
              arm(draw, rps * tick * (1 - weights[t]), stable[t]));
    }
    return ticks;
  }

  /// Stable in the ten minutes before.
  Arm history(Draw draw) {
    var requests = draw.poisson(rps * 600);
    return new Arm(requests, draw.binomial(requests, stable[0]));
  }

  private Arm arm(Draw draw, double mean, double bad) {
    var requests = draw.poisson(mean);
    return Arm.clamped(requests, draw.binomial(requests, bad / together) * together);
  }
}
