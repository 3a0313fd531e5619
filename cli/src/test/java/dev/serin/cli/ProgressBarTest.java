package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter out = new StringWriter();

  private List<String> lines() {
    return List.of(out.toString().substring(1).split("\r"));
  }

  @Test
  void itFillsOneLine() {
    var bar = new ProgressBar(new PrintWriter(out), "releases", 3);
    bar.step();
    bar.step();
    bar.step();

    assertThat(out.toString()).doesNotContain("\n");
    assertThat(lines())
        .containsExactly(
            "█".repeat(10) + "░".repeat(20) + " 1 of 3 releases",
            "█".repeat(20) + "░".repeat(10) + " 2 of 3 releases",
            "█".repeat(30) + " 3 of 3 releases");
  }

  @Test
  void itLeavesNothingBehind() {
    var bar = new ProgressBar(new PrintWriter(out), "releases", 1);
    bar.step();
    bar.clear();

    assertThat(out.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void itNeverGoesBackHoweverManyWorkAtOnce() {
    var bar = new ProgressBar(new PrintWriter(out), "releases", 500);
    IntStream.range(0, 500).parallel().forEach(_ -> bar.step());

    assertThat(lines())
        .extracting(line -> line.replaceAll("[█░]+ ", ""))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 500).mapToObj(done -> done + " of 500 releases").toList());
  }
}
