package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files, and parts of files, that are made from something else. A test holds them against what
/// they are made from; with `-Dserin.update=true` it writes them instead.
final class Updating {
  private Updating() {}

  static void whole(Path file, String wanted) {
    try {
      var text = Files.exists(file) ? Files.readString(file) : "";
      if (Boolean.getBoolean("serin.update") && !text.equals(wanted)) {
        Files.writeString(file, wanted);
        return;
      }
      assertThat(text)
          .as("%s is out of date; run its test once with -Dserin.update=true", file)
          .isEqualTo(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The lines between two that contain these marks.
  static void between(Path file, String begin, String end, String wanted) {
    try {
      var text = Files.readString(file);
      int from = text.indexOf('\n', text.indexOf(begin)) + 1;
      int to = text.lastIndexOf('\n', text.indexOf(end)) + 1;
      assertThat(to)
          .as("%s has lines with '%s' and '%s'", file, begin, end)
          .isGreaterThan(from - 1);
      whole(file, text.substring(0, from) + wanted + text.substring(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
