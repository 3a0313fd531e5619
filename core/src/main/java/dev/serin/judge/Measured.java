package dev.serin.judge;

import java.util.OptionalLong;

/// One number that a threshold is held against, or why there is none.
public sealed interface Measured {

  /// @param value finite, in the unit of the threshold
  /// @param requests that it was made of, where that is known
  record Value(double value, OptionalLong requests) implements Measured {}

  /// The query answered, with nothing in it.
  record NoData(String reason) implements Measured {}

  /// Nobody answered.
  record Unavailable(String reason) implements Measured {}
}
