package dev.serin.cli;

import java.util.ArrayList;
import java.util.List;

/// Lines with others below them, drawn with box characters.
final class Tree {
  private final String text;
  private final List<Tree> below = new ArrayList<>();

  /// @param text may have several lines
  Tree(String text) {
    this.text = text;
  }

  /// Puts a line below this one.
  ///
  /// @return the new line
  Tree add(String line) {
    var child = new Tree(line);
    below.add(child);
    return child;
  }

  @Override
  public String toString() {
    var lines = new ArrayList<String>();
    draw("", "", lines);
    return String.join("\n", lines);
  }

  private void draw(String first, String rest, List<String> into) {
    var lead = first;
    var own = text.lines().toList();
    for (var line : own) {
      into.add((lead + line).stripTrailing());
      lead = rest + (below.isEmpty() ? "   " : "│  ");
    }
    for (int i = 0; i < below.size(); i++) {
      var last = i == below.size() - 1;
      below.get(i).draw(rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), into);
    }
  }
}
