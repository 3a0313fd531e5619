package dev.serin.controller.measure;

import dev.serin.judge.Tolerance;
import dev.serin.parse.CheckSpec;
import java.util.List;

/// What a comparison looks at.
sealed interface Compared {

  CheckSpec check();

  /// Requests that failed.
  record Failures(CheckSpec check) implements Compared {}

  /// Requests that took longer than a limit.
  ///
  /// @param limits at least one; several when they were chosen by what stable did before
  record Slowness(CheckSpec check, List<Limit> limits) implements Compared {
    public Slowness {
      limits = List.copyOf(limits);
    }
  }

  /// It cannot look at anything.
  ///
  /// @param reason with the cure
  record Nothing(CheckSpec check, String reason) implements Compared {}

  /// From where on a request is slow.
  ///
  /// @param bound as `le` of the histogram has it
  /// @param millis the same in milliseconds
  record Limit(double bound, double millis, Tolerance tolerance) {}
}
