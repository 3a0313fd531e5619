package dev.serin.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The figures of an independent simulation of the same rules, in another language.
final class Reference {

  /// @param value share of runs, seconds, or what else the figure is
  /// @param grain how exactly it is told
  record Entry(String figure, double value, long runs, double grain) {

    /// Whether this and what was found here can well have come from one truth.
    boolean agrees(Figure found) {
      return switch (found) {
        case Figure.Share share -> share.agreesWith(value, runs);
        case Figure.Seconds seconds -> seconds.agreesWith(value, runs);
        case Figure.Quantile quantile -> quantile.agreesWith(value, runs);
        case Figure.Mean mean -> mean.agreesWith(value, runs, grain);
      };
    }
  }

  private final Map<String, List<Entry>> entries = new HashMap<>();

  private Reference() {}

  static Reference load() {
    var reference = new Reference();
    try (var in = Reference.class.getResourceAsStream("/judge/reference.tsv")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines().filter(line -> !line.startsWith("#")).forEach(reference::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reference;
  }

  private void read(String line) {
    var parts = line.split("\t", -1);
    entries
        .computeIfAbsent(parts[0] + " " + parts[1], _ -> new ArrayList<>())
        .add(
            new Entry(
                parts[2],
                parts[3].equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(parts[3]),
                Long.parseLong(parts[4]),
                grain(parts[3])));
  }

  private static double grain(String value) {
    var point = value.indexOf('.');
    return point < 0 ? 1 : Math.pow(10, point + 1.0 - value.length());
  }

  /// What the other simulation found for one figure; empty when it did not look for it.
  Optional<Entry> of(Cell cell, String figure) {
    return of(cell).stream().filter(entry -> entry.figure.equals(figure)).findFirst();
  }

  List<Entry> of(Cell cell) {
    return entries.getOrDefault(cell.table() + " " + cell.key(), List.of());
  }

  /// The figures of a cell that the other simulation can hardly have come from, in words.
  List<String> contradictions(Cell cell) {
    return of(cell).stream()
        .filter(entry -> cell.figures().containsKey(entry.figure))
        .filter(entry -> !entry.agrees(Objects.requireNonNull(cell.figures().get(entry.figure))))
        .map(
            entry ->
                "%s %s %s: reference %s (%d), here %s"
                    .formatted(
                        cell.table(),
                        cell.key(),
                        entry.figure,
                        entry.value,
                        entry.runs,
                        cell.figures().get(entry.figure)))
        .toList();
  }

  /// How many figures of a cell were compared.
  long compared(Cell cell) {
    return of(cell).stream().filter(entry -> cell.figures().containsKey(entry.figure)).count();
  }
}
