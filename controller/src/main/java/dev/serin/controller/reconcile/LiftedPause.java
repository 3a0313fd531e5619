package dev.serin.controller.reconcile;

import dev.serin.resource.CanaryStatus;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Withdrawal;
import java.util.List;

/// A target at rest that somebody paused. It stays paused for nothing, as its template is proven,
/// and would say that it is not done: so the pause is lifted, and told.
final class LiftedPause {
  private LiftedPause() {}

  /// What is told of it, once for each pause: a target that is still as it was looked at last was
  /// held by Serin itself, or is known.
  ///
  /// @param before as it is stored
  static List<Announcement> news(CanaryStatus before, Course course) {
    var paused =
        isAtRest(course.initial())
            && isAtRest(course.state())
            && course.view().sight().isHeldForNothing()
            && isAnother(before, course);
    return paused
        ? List.of(
            new Announcement(
                Announcement.Kind.PauseLifted,
                "the target was paused while no revision is on trial; the pause is lifted. `canary"
                    + " pause` stops a rollout, spec.suspend keeps new ones from starting"))
        : List.of();
  }

  /// Whether the target was written since it was looked at last.
  private static boolean isAnother(CanaryStatus before, Course course) {
    var target = before.target();
    var known = target == null ? null : target.observedGeneration();
    var now = course.view().sight().identity();
    return known != null && now.isPresent() && now.get().generation() > known;
  }

  private static boolean isAtRest(RolloutState state) {
    return state instanceof RolloutState.Succeeded
        || (state instanceof RolloutState.Initialized at
            && at.withdrawal() instanceof Withdrawal.Done);
  }
}
