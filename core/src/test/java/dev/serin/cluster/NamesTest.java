package dev.serin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void aShortNameIsKeptWhole() {
    assertThat(Names.canary("podinfo")).isEqualTo("podinfo-canary");
    assertThat(Names.rolloutRecord("podinfo", 12)).isEqualTo("podinfo-serin-12");
  }

  @Test
  void aLongNameIsCutAndStaysItself() {
    var one = Names.canary("a".repeat(62) + "b");
    var other = Names.canary("a".repeat(62) + "c");

    assertThat(one).hasSize(63).endsWith("-canary").isNotEqualTo(other);
    assertThat(Names.canary("a".repeat(62) + "b")).isEqualTo(one);
  }

  @Test
  void aCutNeverLeavesTwoDashesTogether() {
    var name = "x".repeat(46) + "-" + "y".repeat(30);

    assertThat(Names.canary(name)).doesNotContain("--").matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  }
}
