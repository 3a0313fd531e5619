package dev.serin.rollout;

import java.util.Optional;

/// The world that a state wants. It is made so in a safe order: hold, grow, route, shrink, let go.
///
/// @param target what the user's workload should be
/// @param canary what the copy should be
/// @param split what the data plane should do; empty to leave every route as it is
/// @param keepStableSize whether autoscalers of the target may not shrink it
public record Wanted(
    Target target, Canary canary, Optional<TrafficSplit> split, boolean keepStableSize) {

  /// What the user's workload should be.
  public sealed interface Target {

    /// As it is.
    record Untouched() implements Target {}

    /// Marked as ours and at rest on its own template: held only where the hold mode needs it at
    /// rest.
    record AtRest() implements Target {}

    /// Marked, and its template held back from running.
    record Held() implements Target {}

    /// Let go to run exactly this revision.
    record Released(String revision) implements Target {}

    /// Its template written back to this revision, and let go to run it.
    record Reverted(String revision) implements Target {}

    /// Ours no more: mark and hold removed.
    ///
    /// @param template the revision to write back first; empty to leave the template as it is
    record LetGo(Optional<String> template) implements Target {}
  }

  /// What the copy should be.
  public sealed interface Canary {

    /// As it is.
    record Untouched() implements Canary {}

    /// Not there.
    record None() implements Canary {}

    /// Left running and given away: nobody's any more, for its owner to remove.
    record Abandoned() implements Canary {}

    /// Running, as large as the split needs.
    ///
    /// @param revision that it runs
    /// @param split the split that it must be able to carry
    /// @param scale how its size follows from the split
    /// @param surplus what becomes of pods that it has beyond that
    record Running(String revision, TrafficSplit split, Step.Scale scale, Surplus surplus)
        implements Canary {}

    /// Pods beyond the size that is wanted.
    enum Surplus {
      /// They stay: too many pods of a short-lived copy harm nobody.
      KEPT,
      /// They go: the plan names a number, and the traffic that they had is confirmed gone.
      REMOVED
    }
  }
}
