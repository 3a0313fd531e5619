package dev.serin.judge;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/// The figures of the page on judgement, drawn.
final class Plots {
  private static final List<String> INKS = List.of("#1b6ca8", "#d1495b", "#2e8b57", "#b8860b");
  private static final String GREY = "#ccc";

  private Plots() {}

  /// Values over traffic, both by powers of ten.
  ///
  /// @param series for each name a value for each amount of traffic; infinite where there is none
  static Svg overTraffic(String title, List<Integer> traffic, Map<String, List<Double>> series) {
    var svg = new Svg(640, 400).text(320, 22, "middle", 15, title);
    for (var power = 1; power <= 4; power++) {
      var y = seconds(Math.pow(10, power));
      svg.line(70, y, 430, y, GREY, 1);
      svg.text(62, y + 4, "end", 12, "%,d s".formatted((long) Math.pow(10, power)));
    }
    for (var i = 0; i < traffic.size(); i++) {
      svg.text(x(i, traffic.size()), 385, "middle", 12, "%,d/s".formatted(traffic.get(i)));
    }
    var n = 0;
    for (var one : series.entrySet()) {
      var ink = INKS.get(n % INKS.size());
      curve(svg, one.getValue(), ink);
      svg.rect(450, 60 + 24 * n, 12, 12, ink);
      svg.text(468, 71 + 24 * n, "start", 13, one.getKey());
      n++;
    }
    return svg;
  }

  private static void curve(Svg svg, List<Double> values, String ink) {
    for (var i = 0; i < values.size(); i++) {
      var value = values.get(i);
      if (!Double.isFinite(value)) {
        continue;
      }
      svg.dot(x(i, values.size()), seconds(value), ink);
      if (i > 0 && Double.isFinite(values.get(i - 1))) {
        svg.line(
            x(i - 1, values.size()),
            seconds(values.get(i - 1)),
            x(i, values.size()),
            seconds(value),
            ink,
            2);
      }
    }
  }

  private static double x(int index, int count) {
    return 100 + 300.0 * index / Math.max(1, count - 1);
  }

  /// Where so many seconds are, from 3 to 10,000.
  private static double seconds(double value) {
    return 360 - 310 * (Math.log10(Math.max(3, value)) - 0.5) / 3.5;
  }

  /// The whole grid: a panel for each number of bad requests that come together, a row for each
  /// amount of traffic and base, a column for each weight; the deeper, the larger the value.
  ///
  /// @param value of a cell, 0 to 1
  static Svg grid(String title, Map<Grid.Place, Cell> cells, ToDoubleFunction<Cell> value) {
    var size = 22;
    var rows = Grid.TRAFFIC.size() * Grid.BASES.size();
    var panel = Grid.WEIGHTS.size() * size + 24;
    var svg = new Svg(190 + panel * Grid.TOGETHER.size(), 90 + rows * size);
    svg.text(20, 24, "start", 15, title);
    for (var p = 0; p < Grid.TOGETHER.size(); p++) {
      var left = 170 + p * panel;
      svg.text(left, 48, "start", 12, Grid.TOGETHER.get(p) + " at a time");
      for (var c = 0; c < Grid.WEIGHTS.size(); c++) {
        svg.text(left + c * size + size / 2.0, 64, "middle", 10, Grid.WEIGHTS.get(c) + "%");
      }
      for (var row = 0; row < rows; row++) {
        for (var c = 0; c < Grid.WEIGHTS.size(); c++) {
          var place = place(row, c, Grid.TOGETHER.get(p));
          var cell = Objects.requireNonNull(cells.get(place), place.key());
          svg.rect(
              left + c * size,
              70 + row * size,
              size - 1,
              size - 1,
              shade(value.applyAsDouble(cell)));
          if (!Grid.broken(cell).isEmpty()) {
            svg.text(left + c * size + size / 2.0, 85 + row * size, "middle", 12, "×");
          }
        }
      }
    }
    for (var row = 0; row < rows; row++) {
      var place = place(row, 0, 1);
      svg.text(
          160,
          85 + row * size,
          "end",
          11,
          "%,d/s, %s bad".formatted(place.rps(), Words.percent(place.base())));
    }
    return svg;
  }

  private static Grid.Place place(int row, int column, int together) {
    return new Grid.Place(
        Grid.TRAFFIC.get(row / Grid.BASES.size()),
        Grid.WEIGHTS.get(column),
        Grid.BASES.get(row % Grid.BASES.size()),
        together);
  }

  /// From almost white to deep blue.
  private static String shade(double value) {
    var light = 1 - Math.clamp(value, 0, 1);
    return "#%02x%02x%02x"
        .formatted(
            Math.round(40 + 205 * light),
            Math.round(110 + 138 * light),
            Math.round(170 + 82 * light));
  }
}
