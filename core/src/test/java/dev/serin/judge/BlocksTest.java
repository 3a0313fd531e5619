package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlocksTest {

  @Test
  void theFirstTicksAreBlocksOfTheirOwn() {
    var blocks = Blocks.NONE;
    for (var t = 1; t <= 32; t++) {
      blocks = blocks.add(tick(0, t));
      assertThat(blocks.over()).hasSize(t).last().isEqualTo(tick(0, t));
    }
    assertThat(blocks.add(tick(0, 33)).over()).hasSize(32);
    assertThat(blocks.add(tick(0, 33)).add(tick(0, 34)).over().getLast())
        .isEqualTo(new Tick(0, new Arm(2000, 67), new Arm(18_000, 2)));
  }

  @Test
  void aDayIsFewBlocksAndNothingIsLost() {
    var blocks = Blocks.NONE;
    for (var t = 0; t < 43_200; t++) {
      blocks = blocks.add(tick(t / 3600, 1));
    }

    assertThat(blocks.over().size()).isLessThan(200);
    var counted =
        Stream.concat(blocks.over().stream(), Stream.of(blocks.open()))
            .map(Tick::canary)
            .reduce(Arm.NONE, Arm::plus);
    assertThat(counted).isEqualTo(new Arm(43_200_000, 43_200));
  }

  @Test
  void aBlockEndsWithItsStep() {
    var blocks = Blocks.NONE;
    for (var t = 0; t < 49; t++) {
      blocks = blocks.add(tick(0, 1));
    }
    assertThat(blocks.open()).isNotEqualTo(new Tick(0, Arm.NONE, Arm.NONE));

    var after = blocks.add(tick(1, 5));

    assertThat(after.over()).hasSize(blocks.over().size() + 1).last().isEqualTo(blocks.open());
    assertThat(after.open()).isEqualTo(tick(1, 5));
  }

  private static Tick tick(int step, int bad) {
    return new Tick(step, new Arm(1000, bad), new Arm(9000, 1));
  }
}
