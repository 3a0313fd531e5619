package dev.serin.judge;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them.
final class Words {

  private static final double MANY = 1e6;

  private Words() {}

  /// Three significant digits, without trailing zeros.
  static String number(double value) {
    return number(value, 3);
  }

  /// So many significant digits, all digits before the point, no trailing zeros after it.
  static String number(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    var whole = (int) Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
    var context = new MathContext(Math.max(digits, whole), RoundingMode.HALF_UP);
    var rounded = new BigDecimal(value).round(context);
    var plain = rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    return Math.abs(value) >= 1000 && !plain.contains(".") ? count(Long.parseLong(plain)) : plain;
  }

  /// A share of 1 in percent.
  static String percent(double share) {
    return number(share * 100) + " %";
  }

  /// Whole units, the largest two that matter: `1 h 12 min`, `40 s`.
  static String duration(Duration duration) {
    var seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    var minutes = Math.round(seconds / 60.0);
    if (minutes < 120) {
      return minutes + " min";
    }
    var hours = minutes / 60;
    return hours < 48 ? hours + " h " + minutes % 60 + " min" : hours / 24 + " days";
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `7 of 210 failed = 3.33 %`.
  static String arm(Arm arm, Subject subject) {
    return count(arm.bad())
        + " of "
        + count(arm.requests())
        + " "
        + subject.did()
        + " = "
        + percent(arm.share());
  }

  /// Evidence as odds, such as `34 : 1`.
  static String odds(double logE) {
    if (logE >= Math.log(MANY)) {
      return "over a million : 1";
    }
    var e = Math.exp(logE);
    if (e < 0.001) {
      return "under 0.001 : 1";
    }
    var rounded = new BigDecimal(e).round(new MathContext(2, RoundingMode.HALF_EVEN));
    return (e >= 1000
            ? count(rounded.longValueExact())
            : rounded.stripTrailingZeros().toPlainString())
        + " : 1";
  }
}
