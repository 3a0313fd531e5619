package dev.serin.parse;

import static dev.serin.parse.CanaryParserTest.SETTINGS;
import static dev.serin.parse.CanaryParserTest.USUAL;
import static dev.serin.parse.CanaryParserTest.valid;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrozenPlanTest {

  @Test
  void aFrozenPlanStaysWhatItWas() {
    var canary = Yaml.object(USUAL);
    var then = valid(canary);
    var frozen = FrozenPlan.freeze(canary, then);

    ((ObjectNode) canary.at("/spec/analysis")).put("threshold", 9);
    ((ObjectNode) canary.path("spec")).put("provider", "smi");

    assertThat(FrozenPlan.thaw(frozen, canary, SETTINGS)).isEqualTo(new Parsed.Valid(then));
    assertThat(valid(canary).rollsOutLike(then)).isFalse();
  }

  @Test
  void limitsThatCameLaterDoNotApply() {
    var canary = Yaml.object(USUAL);
    var then = valid(canary);
    var frozen = FrozenPlan.freeze(canary, then);

    var stricter = SETTINGS.withIntervalFloor(Duration.ofHours(1));
    assertThat(CanaryParser.parse(canary, stricter)).isInstanceOf(Parsed.Invalid.class);
    assertThat(FrozenPlan.thaw(frozen, canary, stricter)).isEqualTo(new Parsed.Valid(then));
  }

  @Test
  void editsThatMoveNothingAreNoOtherPlan() {
    var canary = Yaml.object(USUAL);
    var then = valid(canary);
    ((ObjectNode) canary.path("spec")).put("suspend", true);

    assertThat(valid(canary).rollsOutLike(then)).isTrue();
  }
}
