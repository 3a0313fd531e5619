package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrafficProofTest {

  @Test
  void theWantedShareAgrees() {
    assertThat(TrafficProof.of(100, 900, 10)).isEqualTo(new TrafficProof.Agrees(100, 1000));
    assertThat(TrafficProof.of(500, 500, 50)).isInstanceOf(TrafficProof.Agrees.class);
    assertThat(TrafficProof.of(0, 1000, 0)).isInstanceOf(TrafficProof.Agrees.class);
    assertThat(TrafficProof.of(1000, 0, 100)).isInstanceOf(TrafficProof.Agrees.class);
  }

  @Test
  void aRouteThatWasNotFollowedIsContradicted() {
    assertThat(TrafficProof.of(0, 1000, 10)).isEqualTo(new TrafficProof.Contradicts(0, 0.1, 1000));
    assertThat(TrafficProof.of(100, 900, 50)).isInstanceOf(TrafficProof.Contradicts.class);
    assertThat(TrafficProof.of(0, 200, 100)).isInstanceOf(TrafficProof.Contradicts.class);
    assertThat(TrafficProof.of(100, 900, 0)).isInstanceOf(TrafficProof.Contradicts.class);
  }

  @Test
  void aContradictionSaysWhatItSaw() {
    assertThat(new TrafficProof.Contradicts(0.02, 0.1, 1000).reason())
        .isEqualTo("the canary got 2 % of 1,000 requests, its weight is 10 %");
  }

  @Test
  void fewRequestsSayNothing() {
    assertThat(TrafficProof.of(0, 40, 10)).isEqualTo(new TrafficProof.NotEnough(40));
    assertThat(TrafficProof.of(0, 0, 0)).isInstanceOf(TrafficProof.NotEnough.class);
    assertThat(TrafficProof.of(0, 499, 1)).isInstanceOf(TrafficProof.NotEnough.class);
    assertThat(TrafficProof.of(3, 0, 10)).isInstanceOf(TrafficProof.NotEnough.class);
  }

  @Test
  void connectionsThatAreUsedAgainMaySkewTheShare() {
    assertThat(TrafficProof.of(80, 920, 10)).isInstanceOf(TrafficProof.Agrees.class);
    assertThat(TrafficProof.of(12_000, 88_000, 10)).isInstanceOf(TrafficProof.Agrees.class);
    assertThat(TrafficProof.of(16_000, 84_000, 10)).isInstanceOf(TrafficProof.Contradicts.class);
  }

  @Test
  void aFewLateRequestsToACanaryOfWeightZeroAreTheEndOfOldConnections() {
    assertThat(TrafficProof.of(3, 997, 0)).isInstanceOf(TrafficProof.Agrees.class);
  }

  @Test
  void honestTrafficIsHardlyEverContradicted() {
    var draw = new Draw(7);
    var contradictions = 0;
    for (var run = 0; run < 2000; run++) {
      var canary = 0L;
      var stable = 0L;
      for (var look = 0; look < 100; look++) {
        var requests = draw.poisson(40);
        // Four requests to a connection.
        var now = 4 * draw.binomial(requests / 4, 0.05);
        canary += now;
        stable += 4 * (requests / 4) - now;
        if (TrafficProof.of(canary, stable, 5) instanceof TrafficProof.Contradicts) {
          contradictions++;
          break;
        }
      }
    }

    assertThat(contradictions).isLessThanOrEqualTo(2);
  }
}
