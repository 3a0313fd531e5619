package dev.serin.judge;

import java.util.ArrayList;
import java.util.Objects;

/// How figures and their circumstances are written on the page.
final class FigureWords {
  private FigureWords() {}

  /// A figure, and after a stroke what the other simulation found.
  static String beside(Cell cell, String name, Reference reference) {
    var figure = Objects.requireNonNull(cell.figures().get(name), name);
    return figure(figure)
        + reference
            .of(cell, name)
            .map(
                entry ->
                    " / "
                        + (figure instanceof Figure.Share
                            ? percent(entry.value())
                            : number(entry.value())))
            .orElse("");
  }

  static String figure(Figure figure) {
    return switch (figure) {
      case Figure.Share share -> share(share);
      case Figure.Seconds seconds ->
          interval(
              seconds.median(),
              seconds.medianAtLeast(Figure.SHOWN),
              seconds.medianAtMost(Figure.SHOWN));
      case Figure.Quantile quantile ->
          interval(quantile.value(), quantile.low(Figure.SHOWN), quantile.high(Figure.SHOWN));
      case Figure.Mean mean ->
          interval(mean.value(), mean.low(Figure.SHOWN), mean.high(Figure.SHOWN));
    };
  }

  static String interval(double value, double low, double high) {
    return Double.isFinite(value)
        ? "%s (%s to %s)".formatted(number(value), number(low), number(high))
        : "–";
  }

  static String number(double value) {
    return Double.isFinite(value) ? Words.number(value) : "–";
  }

  static String seconds(Cell cell, String name) {
    var seconds = cell.seconds(name);
    return "%s (%s to %s)"
        .formatted(
            seconds(seconds.median()),
            seconds(seconds.medianAtLeast(Figure.SHOWN)),
            seconds(seconds.medianAtMost(Figure.SHOWN)));
  }

  static String briefly(Figure.Share share, Figure.Seconds seconds) {
    var percent = Math.round(share.value() * 100) + " %";
    return Double.isFinite(seconds.median())
        ? percent + " " + Math.round(seconds.median()) + " s"
        : percent;
  }

  /// `rps=10 base=0.001` as people read it.
  static String circumstances(Cell cell) {
    return circumstances(cell.key());
  }

  static String circumstances(String key) {
    var words = new ArrayList<String>();
    for (var part : key.split(" ", -1)) {
      var name = part.substring(0, part.indexOf('='));
      var value = part.substring(part.indexOf('=') + 1);
      words.add(
          switch (name) {
            case "rps" -> Words.number(Double.parseDouble(value)) + "/s";
            case "base" -> Words.percent(Double.parseDouble(value)) + " bad";
            case "canary" ->
                value.matches("[0-9.E-]+")
                    ? "canary " + Words.percent(Double.parseDouble(value))
                    : "canary " + value;
            case "tick" -> "a look every " + Words.number(Double.parseDouble(value)) + " s";
            case "incident" -> Words.percent(Double.parseDouble(value)) + " in the incident";
            case "length" -> "for " + value + " s";
            case "share" -> Words.percent(Double.parseDouble(value)) + " of its requests";
            default -> name + " " + value;
          });
    }
    return String.join(", ", words);
  }

  static String share(Figure.Share share) {
    return "%s (%s to %s)"
        .formatted(
            percent(share.value()),
            percent(share.low(Figure.SHOWN)),
            percent(share.high(Figure.SHOWN)));
  }

  static String percent(double share) {
    return Words.number(share * 100, 2) + " %";
  }

  static String seconds(double value) {
    return Double.isFinite(value) ? Words.number(value) + " s" : "–";
  }
}
