package dev.serin.parse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.rollout.Step.Scale;
import org.jspecify.annotations.Nullable;

/// Sizes of the canary as users write them.
final class Scales {

  private static final int MOST = 100_000;

  private Scales() {}

  static Scale parse(@Nullable JsonNode given, Scale fallback, Place at) {
    if (given == null) {
      return fallback;
    }
    if (given.isTextual()) {
      switch (given.textValue()) {
        case "MatchWeight" -> {
          return new Scale.MatchWeight();
        }
        case "Full" -> {
          return new Scale.Full();
        }
        default -> {}
      }
    }
    if (given.isIntegralNumber()
        && given.canConvertToInt()
        && given.intValue() >= 1
        && given.intValue() <= MOST) {
      return new Scale.Fixed(given.intValue());
    }
    at.wrong(
        given.isTextual() ? given.textValue() : given,
        "is not a size",
        "use MatchWeight, Full, or a number of pods of at least 1");
    return fallback;
  }
}
