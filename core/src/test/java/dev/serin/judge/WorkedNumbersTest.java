package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.serin.judge.EProcess.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Numbers worked out independently, to the ninth digit.
class WorkedNumbersTest {

  /// Requests of the canary for each one of stable, at 20 % weight.
  private static final double RATIO = 0.25;

  private static final Bursts NO_CAP = Bursts.cappedPerTick(Double.POSITIVE_INFINITY);

  @Test
  void oneTickAgainstTheCanary() {
    var process = new EProcess(Side.FAIL, Tolerance.DEFAULT, 1, NO_CAP, 1);

    process.add(new Arm(600, 7), new Arm(5400, 6), 0.001);

    assertThat(process.logE()).isCloseTo(3.226417034712457, within(1e-9));
  }

  @Test
  void eachBetAgainstTheCanary() {
    var r = 1.25 * 600 / 5400;
    var v = 0.001 / Tolerance.DEFAULT.limit(0.001);
    double[] bets = {1.1, 1.25, 1.6, 2.5, 5, 15, 60};
    double[] expected = {
      1.092135156, 1.227722842, 1.532080289, 2.240795892, 3.732115506, 6.181850309, 7.48
    };
    double[] ofStable = {
      0.987203451, 0.968371827, 0.926099960, 0.827667237, 0.620539513, 0.280298568, 0.1
    };
    double[] logFactors = {
      0.484386597, 1.106659157, 2.206498559, 3.768475689, 4.716561343, 2.010813647, -3.617881014
    };

    assertThat(r).isCloseTo(0.138888889, within(1e-9));
    assertThat(v).isCloseTo(0.444444444, within(1e-9));
    for (var j = 0; j < bets.length; j++) {
      var a = EProcess.bet(Side.FAIL, bets[j], r, v);
      assertThat(a).isCloseTo(expected[j], within(1e-9));
      assertThat(Math.exp(logFactor(a, r, Arm.NONE, new Arm(1, 1))))
          .as("what one bad request of stable leaves")
          .isCloseTo(ofStable[j], within(1e-9));
      assertThat(logFactor(a, r, new Arm(600, 7), new Arm(5400, 6)))
          .isCloseTo(logFactors[j], within(1e-9));
    }
  }

  @Test
  void eachBetForTheCanary() {
    var r = 1.25 * 12000 / 48000;
    var limit = Tolerance.DEFAULT.limit(0.001);
    double[] powers = {0.5, 0.75, 1.0, 1.5, 2.5};
    double[] expected = {0.7, 0.581691437, 0.481747944, 0.327916857, 0.149085055};
    double[] logFactors = {3.621284290, 4.415002204, 4.659951589, 3.835863414, -1.309866251};

    for (var j = 0; j < powers.length; j++) {
      var m = Math.pow(0.001 / limit, powers[j]);
      var a = EProcess.bet(Side.PASS, m, r, 0.001 / limit);
      assertThat(a).isCloseTo(expected[j], within(1e-9));
      assertThat(logFactor(a, r, new Arm(12000, 12), new Arm(48000, 48)))
          .isCloseTo(logFactors[j], within(1e-9));
    }
  }

  private static double logFactor(double a, double r, Arm canary, Arm stable) {
    return EProcess.logFactor(a, r, Tolerance.DEFAULT, canary, stable);
  }

  @Test
  void oneTickAgainstACanaryThatMustBeNoWorseAtAll() {
    var process = new EProcess(Side.FAIL, Tolerance.NONE, 1, NO_CAP, 1);

    process.add(new Arm(600, 7), new Arm(5400, 6), 0.001);

    assertThat(process.logE()).isCloseTo(6.0885425312174, within(1e-9));
  }

  @Test
  void oneTickForTheCanary() {
    var process = new EProcess(Side.PASS, Tolerance.DEFAULT, 1, NO_CAP, 1);

    process.add(new Arm(12000, 12), new Arm(48000, 48), 0.001);

    assertThat(process.logE()).isCloseTo(3.99747314840003, within(1e-9));
  }

  @Test
  void sixTicksWithRisingWeights() {
    var process = new EProcess(Side.FAIL, Tolerance.DEFAULT, 1, Bursts.cappedPerTick(3), 3);
    long[][] ticks = {
      {55, 945, 0, 1}, {48, 952, 1, 0}, {101, 899, 1, 1},
      {97, 903, 2, 1}, {152, 848, 4, 0}, {149, 851, 5, 2}
    };
    double[] expected = {
      -0.178146254, 0.206322660, 0.416002683, 1.727049534, 4.561111351, 7.537622147
    };
    var bad = 5.0;
    var requests = 5000.0;

    for (var t = 0; t < ticks.length; t++) {
      if (t == 2 || t == 4) {
        process.startAnew();
      }
      var tick = ticks[t];
      process.add(
          new Arm(tick[0], tick[2]), new Arm(tick[1], tick[3]), (bad + 0.5) / (requests + 500));
      bad += tick[3];
      requests += tick[1];
      assertThat(process.logE()).as("tick %d", t).isCloseTo(expected[t], within(1e-9));
    }
  }

  @Test
  void theRatioOfTheReport() {
    long[] canary = {1, 2, 1, 3, 2, 1, 2, 3, 2, 2};
    long[] stable = {5, 4, 6, 3, 5, 4, 5, 6, 4, 5};
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < canary.length; t++) {
      ticks.add(new Tick(0, new Arm(500, canary[t]), new Arm(4500, stable[t])));
    }

    var ratio = RatioInterval.of(ticks, 1, 0.05);

    assertThat(share(500, canary) / share(4500, stable)).isCloseTo(3.638297872340426, within(1e-9));
    // Found by another program, by Brent's method.
    assertThat(ratio.low()).isCloseTo(1.387108538567021, within(1e-9));
    assertThat(ratio.high()).isCloseTo(8.198752458913145, within(1e-9));
  }

  private static double share(long requests, long[] bad) {
    return new Arm(requests * bad.length, Arrays.stream(bad).sum()).share();
  }

  @Test
  void boundsThatFiguresAreHeldTo() {
    assertThat(Exact.atLeast(7, 13, 0.1)).isCloseTo(9.928548640000007e-5, within(1e-12));
    assertThat(Exact.atLeast(4, 180, 0.01)).isCloseTo(0.10773624219719208, within(1e-9));
    assertThat(Exact.low(4, 180, 0.05)).isCloseTo(0.007625413868913485, within(1e-9));
    assertThat(Exact.high(0, 100, 0.05)).isCloseTo(1 - Math.pow(0.05, 0.01), within(1e-9));
  }

  @Test
  void oneLookByTheBayesFactor() {
    assertThat(Exact.bayesFactor(new Arm(600, 7), new Arm(5400, 6), 10))
        .isCloseTo(66.20026819444594, within(1e-9));
    // SciPy's betaln: a prior is seldom a whole number.
    assertThat(Exact.logBeta(5.2, 31.8)).isCloseTo(-14.833200517665531, within(1e-9));
    assertThat(Exact.logBeta(0.2, 1.8)).isCloseTo(1.4529799495164122, within(1e-9));
  }

  @Test
  void theBandAroundAWholeDistribution() {
    double[] alphas = {0.05, 0.025, 0.01};
    double[] constants = {8.1227, 8.6227, 9.2836};
    for (var i = 0; i < alphas.length; i++) {
      assertThat(Exact.bandConstant(alphas[i])).isCloseTo(constants[i], within(5e-5));
    }
    long[] requests = {1000, 10_000, 100_000, 1_000_000};
    double[] widths = {0.08422, 0.02734, 0.00879, 0.00281};
    for (var i = 0; i < requests.length; i++) {
      assertThat(Exact.bandWidth(requests[i], 100, 0.025)).isCloseTo(widths[i], within(5e-6));
    }
  }

  @Test
  void burnOfAnErrorBudget() {
    // 0.1 % may fail; the rate is so many times that, or more, with 95 % confidence.
    var few = Exact.fewest(2, 0.05) / 0.12;
    var many = Exact.fewest(1100, 0.05) / 60;
    assertThat(few).isCloseTo(2.96, within(0.005));
    assertThat(many).isCloseTo(17.4, within(0.05));
    // The same bound as the quantile of a chi-squared distribution, by SciPy.
    assertThat(few).isCloseTo(2.96134592248885, within(1e-9));
    assertThat(many).isCloseTo(17.433679651843935, within(1e-9));
    long[] events = {1, 2, 3, 5, 10};
    double[] fewest = {
      0.05129329438755053,
      0.35536151069866195,
      0.8176914471639534,
      1.9701495680595302,
      5.425405697091295
    };
    for (var i = 0; i < events.length; i++) {
      assertThat(Exact.fewest(events[i], 0.05)).isCloseTo(fewest[i], within(1e-9));
    }
  }

  @Test
  void withoutBadRequestsTheRatioIsUnknown() {
    var ticks = List.of(new Tick(0, new Arm(500, 0), new Arm(4500, 0)));

    assertThat(RatioInterval.of(ticks, 1, 0.05))
        .isEqualTo(new RatioInterval(0, Double.POSITIVE_INFINITY));
  }

  /// A number that was worked out twice, here and in another language, and rounded on a page.
  ///
  /// @param exactly to the ninth digit
  /// @param shown with the digits of the page
  record Worked(String what, double ours, double exactly, String shown) {
    @Override
    public String toString() {
      return what;
    }
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void numbersOfThePage(Worked number) {
    var shown = new BigDecimal(number.shown);

    assertThat(number.ours).isCloseTo(number.exactly, within(1e-9 * Math.max(1, number.exactly)));
    assertThat(number.ours)
        .isCloseTo(shown.doubleValue(), within(0.5001 * shown.ulp().doubleValue()));
  }

  static Stream<Worked> numbers() {
    return Stream.of(oneLook(), thresholds(), separation(), toFail(), toPass())
        .flatMap(numbers -> numbers);
  }

  private static Stream<Worked> oneLook() {
    var low = Exact.low(19, 66, 0.025);
    var high = Exact.high(19, 66, 0.025);
    return Stream.of(
        new Worked(
            "7 of 13 bad requests in a tenth of 6,000",
            Exact.atLeastOfDrawn(7, 13, 6000, 600),
            9.675300844116717e-5,
            "9.68e-5"),
        new Worked("ratio at one look, low", low / (1 - low) * 9, 2.0164542735363797, "2.02"),
        new Worked("ratio at one look, high", high / (1 - high) * 9, 6.3193252025619815, "6.32"));
  }

  /// How often "at least 99 %" fails a service that is better than that.
  private static Stream<Worked> thresholds() {
    return Stream.of(
        threshold(50, 0.001, 0.04879437180296865, "0.049"),
        threshold(100, 0.001, 0.004638068390424187, "0.0046"),
        threshold(200, 0.001, 0.0011337680974626506, "0.0011"),
        threshold(500, 0.001, 1.3812474352616263e-05, "0.0000"),
        threshold(50, 0.005, 0.22168744293135792, "0.22"),
        threshold(100, 0.005, 0.0898223089913179, "0.090"),
        threshold(200, 0.005, 0.07983943195297726, "0.080"),
        threshold(500, 0.005, 0.04160282036792758, "0.042"));
  }

  private static Worked threshold(int requests, double bad, double exactly, String shown) {
    return new Worked(
        "%d requests, %s bad".formatted(requests, bad),
        Exact.atLeast(requests / 100 + 1, requests, bad),
        exactly,
        shown);
  }

  /// All values of the canary above all of stable.
  private static Stream<Worked> separation() {
    return Stream.of(
        new Worked("four above four", Exact.separation(4), 1 / 70.0, "0.014"),
        new Worked("five above five", Exact.separation(5), 1 / 252.0, "0.0040"),
        new Worked("six above six", Exact.separation(6), 1 / 924.0, "0.0011"));
  }

  /// At 20 % weight: the best bet, what one bad request of stable leaves, growth for each request
  /// of the canary, and requests until it is condemned.
  private static Stream<Worked> toFail() {
    return Stream.of(
            toFail(
                0.001,
                0.005,
                1.850263165184833,
                "1.850",
                0.7342927608797397,
                "0.734",
                0.0009909863445169177,
                "0.000991",
                5686.041623425271,
                "5686"),
            toFail(
                0.001,
                0.011,
                2.820619497328683,
                "2.821",
                0.43105640708478665,
                "0.431",
                0.006219837160535906,
                "0.006220",
                905.9384446463147,
                "906"),
            toFail(
                0.001,
                0.051,
                3.8714166732795023,
                "3.871",
                0.10268228960015557,
                "0.103",
                0.05705876660807861,
                "0.057059",
                98.75414310780866,
                "99"),
            toFail(
                0.01,
                0.02,
                1.3362225986469602,
                "1.336",
                0.8949304379228249,
                "0.895",
                0.0010203394723740347,
                "0.001020",
                5522.465567326063,
                "5522"),
            toFail(
                0.01,
                0.05,
                2.2847124297969046,
                "2.285",
                0.5985273656884673,
                "0.599",
                0.019495974577329205,
                "0.019496",
                289.02323301763204,
                "289"),
            toFail(
                0.01,
                0.06,
                2.4773237319872075,
                "2.477",
                0.5383363337539977,
                "0.538",
                0.028182536158604648,
                "0.028183",
                199.93905344281245,
                "200"),
            toFail(
                0.001,
                1.0,
                3.88,
                "3.880",
                0.10000000000000009,
                "0.100",
                1.343744813263206,
                "1.343745",
                4.193347983599275,
                "4"))
        .flatMap(numbers -> numbers);
  }

  private static Stream<Worked> toFail(
      double share,
      double bad,
      double bet,
      String betShown,
      double left,
      String leftShown,
      double growth,
      String growthShown,
      double requests,
      String requestsShown) {
    var what = share + " to " + bad + ": ";
    var limit = Tolerance.DEFAULT.limit(share);
    var a = EProcess.bet(Side.FAIL, bad / limit, 1.25 * RATIO, 0.001 / limit);
    var perRequest = Growth.toFail(Tolerance.DEFAULT, bad, share, RATIO);
    return Stream.of(
        new Worked(what + "bet", a, bet, betShown),
        new Worked(what + "left", 1 - 1.25 * RATIO * (a - 1), left, leftShown),
        new Worked(what + "growth", perRequest, growth, growthShown),
        new Worked(
            what + "requests",
            (Math.log(20) + Growth.LOG_FAIL_BETS) / perRequest,
            requests,
            requestsShown));
  }

  /// At 20 % weight: requests of the canary until one as good as stable passes.
  private static Stream<Worked> toPass() {
    return Stream.of(
            toPass(
                0.00001,
                27195.451386396457,
                "27195",
                4823.527676393555,
                "4824",
                932.1130833602559,
                "932"),
            toPass(
                0.0001,
                50699.00380338675,
                "50699",
                5986.010719960167,
                "5986",
                993.7753914682258,
                "994"),
            toPass(
                0.001,
                148389.85141291737,
                "148390",
                11858.93054455662,
                "11859",
                1329.8522557678007,
                "1330"),
            toPass(
                0.005,
                128739.35574917009,
                "128739",
                14533.96023724902,
                "14534",
                1836.1916235611977,
                "1836"),
            toPass(
                0.01,
                86987.4968765117,
                "86987",
                11647.786678428118,
                "11648",
                1834.2444930239717,
                "1834"),
            toPass(
                0.05,
                23029.532472195002,
                "23030",
                3818.6424726179453,
                "3819",
                922.4948316177195,
                "922"))
        .flatMap(numbers -> numbers);
  }

  private static Stream<Worked> toPass(
      double share,
      double strict,
      String strictShown,
      double standard,
      String standardShown,
      double lenient,
      String lenientShown) {
    return Stream.of(
        new Worked(share + ", strict", toPass(Tolerance.STRICT, share), strict, strictShown),
        new Worked(share + ", default", toPass(Tolerance.DEFAULT, share), standard, standardShown),
        new Worked(share + ", lenient", toPass(Tolerance.LENIENT, share), lenient, lenientShown));
  }

  private static double toPass(Tolerance tolerance, double share) {
    return (Math.log(20) + Growth.LOG_PASS_BETS) / Growth.toPass(tolerance, share, RATIO);
  }
}
