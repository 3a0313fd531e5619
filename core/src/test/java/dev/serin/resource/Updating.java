package dev.serin.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Parts of files that are made from something else. A test holds them against what they are made
/// from; with `-Dserin.update=true` it writes them instead.
public final class Updating {

  private Updating() {}

  /// Checks the lines between two that contain these marks.
  public static void between(Path file, String begin, String end, String wanted) {
    var text = Crd.text(file);
    int from = text.indexOf('\n', text.indexOf(begin)) + 1;
    int to = text.lastIndexOf('\n', text.indexOf(end)) + 1;
    assertThat(from).as("%s has a line with '%s'", file, begin).isPositive();
    assertThat(to).as("%s has a line with '%s'", file, end).isGreaterThanOrEqualTo(from);
    check(file, text, text.substring(0, from) + wanted + text.substring(to));
  }

  /// Checks a whole file.
  public static void whole(Path file, String wanted) {
    check(file, Files.exists(file) ? Crd.text(file) : "", wanted);
  }

  private static void check(Path file, String text, String wanted) {
    if (Boolean.getBoolean("serin.update") && !text.equals(wanted)) {
      try {
        Files.writeString(file, wanted);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return;
    }
    assertThat(text)
        .as("%s is out of date; run its test once with -Dserin.update=true", file)
        .isEqualTo(wanted);
  }
}
