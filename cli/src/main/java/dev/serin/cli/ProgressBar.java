package dev.serin.cli;

import java.io.PrintWriter;

/// A line at a terminal that fills while many equal things are done, in whatever order.
final class ProgressBar {
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final String things;
  private final int total;
  private int done;

  /// @param things what is done, in the plural
  /// @param total how many of them, at least 1
  ProgressBar(PrintWriter out, String things, int total) {
    this.out = out;
    this.things = things;
    this.total = total;
  }

  /// One more is done.
  synchronized void step() {
    done++;
    int filled = WIDTH * done / total;
    out.print(
        "\r%s%s %d of %d %s"
            .formatted("█".repeat(filled), "░".repeat(WIDTH - filled), done, total, things));
    out.flush();
  }

  /// The line is empty again, for what comes next.
  synchronized void clear() {
    out.print("\r\u001b[K");
    out.flush();
  }
}
