package dev.serin.judge;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Values that resemble the ones before them: tables T9a to T9d.
final class GaugeTables {

  private GaugeTables() {}

  /// Kayenta on few values of two versions that are alike.
  static Stream<Cell> t9a(int runs) {
    return Stream.of(2, 3, 4, 5, 6, 8, 10, 20, 60)
        .map(
            n -> {
              var tally = new Tally();
              for (var run = 0; run < runs; run++) {
                var draw = new Draw(91, n, run);
                for (var allowed : List.of(1.0, 1.1)) {
                  tally.hit(
                      allowed.toString(),
                      OtherRules.kayentaHigh(
                          series(draw, n, 0, 0), series(draw, n, 0, 0), allowed));
                }
              }
              return new Cell("T9a", "n=" + n)
                  .with("kayenta", tally.share("1.0", runs))
                  .with("kayenta-1.1", tally.share("1.1", runs));
            });
  }

  /// False alarms on sixty values.
  static Stream<Cell> t9b(int runs) {
    return Stream.of(0.0, 0.5, 0.8, 0.95).map(likeness -> t9b(likeness, runs));
  }

  static Cell t9b(double likeness, int runs) {
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(92, Math.round(likeness * 100), run);
      var canary = series(draw, 60, likeness, 0);
      var stable = series(draw, 60, likeness, 0);
      tally.hit("kayenta-1", OtherRules.kayentaHigh(canary, stable, 1));
      tally.hit(
          "kayenta-10",
          looks().anyMatch(n -> OtherRules.kayentaHigh(head(canary, n), head(stable, n), 1)));
      tally.hit("ranks-raw", ranks(canary, stable) > Normal.quantile(0.99));
      tally.hit("ranks-1", Trend.shift(canary, stable, 0.01).low() > 0);
      tally.hit(
          "ranks-10",
          looks().anyMatch(n -> Trend.shift(head(canary, n), head(stable, n), 0.001).low() > 0));
      tally.hit("signs", Trend.strongestLogE(signs(canary, stable, 1)) >= Math.log(20));
      tally.hit(
          "signs-thinned",
          Trend.strongestLogE(signs(canary, stable, thinning(canary, stable))) >= Math.log(20));
    }
    var cell = new Cell("T9b", "likeness=" + likeness);
    for (var name :
        List.of(
            "kayenta-1",
            "kayenta-10",
            "ranks-raw",
            "ranks-1",
            "ranks-10",
            "signs",
            "signs-thinned")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell;
  }

  /// What is found of a canary that is higher.
  static Stream<Cell> t9c(int runs) {
    return Stream.of(0.0, 0.5, 0.8)
        .flatMap(likeness -> Stream.of(5, 10, 20).map(shift -> t9c(likeness, shift, runs)));
  }

  private static Cell t9c(double likeness, int shift, int runs) {
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(93, Math.round(likeness * 100), shift, run);
      var canary = series(draw, 60, likeness, shift);
      var stable = series(draw, 60, likeness, 0);
      tally.hit("kayenta-1", OtherRules.kayentaHigh(canary, stable, 1));
      var ranks =
          looks()
              .filter(n -> Trend.shift(head(canary, n), head(stable, n), 0.001).low() > 0)
              .findFirst();
      tally.hit("ranks-10", ranks.isPresent());
      tally.took("ranks-10", ranks.map(Integer::doubleValue).orElse(Double.POSITIVE_INFINITY));
      var signs = firstBySigns(signs(canary, stable, 1));
      tally.hit("signs", Double.isFinite(signs));
      tally.took("signs", signs);
    }
    var cell = new Cell("T9c", "likeness=" + likeness + " shift=" + shift);
    for (var name : List.of("kayenta-1", "ranks-10", "signs")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell.with("ranks-10-point", tally.quantile("ranks-10", 6, 0.5))
        .with("signs-point", tally.quantile("signs", 2, 0.5));
  }

  /// At how many values the signs first say it; infinite when they do not.
  private static double firstBySigns(int[] signs) {
    for (var n = 1; n <= signs.length; n++) {
      if (Trend.strongestLogE(Arrays.copyOf(signs, n)) >= Math.log(20)) {
        return n;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  static Stream<Cell> t9d(int runs) {
    return Stream.of(0.0, 0.5, 0.8)
        .flatMap(
            likeness ->
                Stream.of(0, 10, 20, 40)
                    .map(
                        shift -> {
                          var tally = new Tally();
                          for (var run = 0; run < runs; run++) {
                            var draw = new Draw(94, Math.round(likeness * 100), shift, run);
                            var canary = series(draw, 60, likeness, shift);
                            var stable = series(draw, 60, likeness, 0);
                            var signs = signs(canary, stable, thinning(canary, stable));
                            tally.hit("found", Trend.strongestLogE(signs) >= Math.log(20));
                          }
                          return new Cell("T9d", "likeness=" + likeness + " shift=" + shift)
                              .with("signs-thinned", tally.share("found", runs));
                        }));
  }

  private static Stream<Integer> looks() {
    return Stream.iterate(6, n -> n <= 60, n -> n + 6);
  }

  /// Around 100, with deviations of 10.
  private static double[] series(Draw draw, int n, double likeness, double shift) {
    var values = new double[n];
    var deviation = draw.normal();
    for (var i = 0; i < n; i++) {
      values[i] = 100 + shift + 10 * deviation;
      deviation = likeness * deviation + Math.sqrt(1 - likeness * likeness) * draw.normal();
    }
    return values;
  }

  private static double[] head(double[] values, int n) {
    return Arrays.copyOf(values, n);
  }

  private static int[] signs(double[] canary, double[] stable, int every) {
    var signs = new int[(canary.length + every - 1) / every];
    for (var i = 0; i < signs.length; i++) {
      signs[i] = (int) Math.signum(canary[i * every] - stable[i * every]);
    }
    return signs;
  }

  private static int thinning(double[] canary, double[] stable) {
    var likeness = Math.max(Trend.likeness(canary), Trend.likeness(stable));
    return (int) Math.ceil((1 + likeness) / (1 - likeness));
  }

  /// Mann and Whitney's statistic, in standard deviations.
  private static double ranks(double[] canary, double[] stable) {
    var greater = 0.0;
    for (var x : canary) {
      for (var y : stable) {
        greater += x > y ? 1 : x == y ? 0.5 : 0;
      }
    }
    var n = canary.length;
    var m = stable.length;
    var sigma = Math.sqrt(n * (double) m * (n + m + 1) / 12);
    return (greater - n * m / 2.0 - 0.5) / sigma;
  }
}
