package dev.serin.gate;

/// What a gate answered.
public sealed interface GateAnswer {

  /// Go on.
  record Open() implements GateAnswer {}

  /// Not now.
  ///
  /// @param reason in the gate's own words
  record Closed(String reason) implements GateAnswer {}

  /// Nobody answered in time, or the answer was not understood.
  record Unreachable(String reason) implements GateAnswer {}
}
