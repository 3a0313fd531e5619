package dev.serin.cli;

import java.util.ArrayList;
import java.util.List;

/// A table as kubectl prints them: upper-case heads, three blanks between columns.
final class Columns {
  private final List<List<String>> rows = new ArrayList<>();

  Columns(String... heads) {
    rows.add(List.of(heads));
  }

  Columns row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.getFirst().size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    var lines = new ArrayList<String>();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i));
        if (i < widths.length - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + 3));
        }
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join("\n", lines);
  }
}
