package dev.serin.rollout;

import dev.serin.judge.Assessment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where a Canary stands. Each state carries only the facts that exist in it; `status.phase` is its
/// name.
public sealed interface RolloutState {

  /// The name shown as `status.phase`.
  default String phase() {
    return getClass().getSimpleName();
  }

  /// Target or route are not adopted yet.
  ///
  /// @param since when this began
  /// @param adopting the revision that the target was steady on, which is adopted now; empty before
  /// @param withdrawal what is left of a canary from before; [Withdrawal.Done] on first adoption
  record Initializing(Instant since, Optional<String> adopting, Withdrawal withdrawal)
      implements RolloutState {}

  /// At rest on a revision that was adopted, or returned to.
  ///
  /// @param withdrawal what is left of a revision that was tried in between
  record Initialized(String stable, Withdrawal withdrawal) implements RolloutState {}

  /// At rest on a revision that was promoted.
  record Succeeded(String stable) implements RolloutState {}

  /// A new revision is known and held, and may not start yet.
  ///
  /// @param since when the revision was seen
  /// @param withdrawal what is left of the revision tried before it
  /// @param asked when its gates were first asked; empty before
  /// @param heldUp since when something else keeps it from starting, after its gates were asked:
  ///   their clocks stand still
  record Waiting(
      String stable,
      String revision,
      Instant since,
      Optional<Instant> asked,
      Optional<Instant> heldUp,
      Trial.Mode mode,
      List<Trial.Approval> approvals,
      Withdrawal withdrawal)
      implements RolloutState {
    public Waiting {
      approvals = List.copyOf(approvals);
    }
  }

  /// The revision is tried, step by step.
  ///
  /// @param step index into the plan's steps
  record Progressing(Trial trial, int step, StepPhase in) implements RolloutState {}

  /// The analysis passed, promotion is not yet allowed. The analysis goes on and can still fail.
  ///
  /// @param since when its gates were first asked
  /// @param lastRound when the last round of checks was taken
  /// @param inconclusive whether the analysis ended undecided and people have yet to decide; the
  ///   other gates are asked after that
  record WaitingPromotion(Trial trial, Instant since, Instant lastRound, boolean inconclusive)
      implements RolloutState {}

  /// The target rolls to the revision.
  record Promoting(Trial trial, Handover in) implements RolloutState {}

  /// The updated target takes the traffic back.
  ///
  /// @param weight index into the plan's return weights that is confirmed or being routed; equal to
  ///   their number when the split is 100/0
  record Finalising(Trial trial, int weight, Instant since, Withdrawal withdrawal)
      implements RolloutState {}

  /// A failure or an abort during promotion: the target goes back to the stable revision.
  ///
  /// @param stalled whether it took longer than the progress deadline
  /// @param by the person who wanted it; empty when nobody did
  /// @param because what checks said that speaks against the revision
  record Reverting(
      Trial trial,
      String reason,
      Instant since,
      boolean stalled,
      Optional<String> by,
      List<Assessment> because)
      implements RolloutState {
    public Reverting {
      because = List.copyOf(because);
    }

    /// Why it goes back.
    public Ground ground() {
      return new Ground(reason, by, because);
    }
  }

  /// The revision is rejected.
  ///
  /// @param reverted whether the target itself was returned to stable, so that it does not carry
  ///   the rejected revision any more
  record Failed(
      String stable, String revision, String reason, boolean reverted, Withdrawal withdrawal)
      implements RolloutState {}

  /// The target cannot run what the canary proved; the canary serves.
  ///
  /// @param meanwhile the split until the canary is large enough to carry everything
  record PromotionFailed(Trial trial, String reason, Instant since, TrafficSplit meanwhile)
      implements RolloutState {}

  /// Somebody stopped it. Protection goes on, progress does not.
  ///
  /// @param in the state that was stopped, never itself `Paused`
  /// @param since when; its clocks stand still from then
  /// @param by who
  record Paused(RolloutState in, Instant since, Reason by) implements RolloutState {
    /// Why it stands.
    public enum Reason {
      /// A person paused it; `resume` goes on.
      COMMAND,
      /// `spec.suspend` is true; it goes on when that is gone.
      SUSPENDED
    }
  }

  /// Somebody broke the glass: nothing is touched.
  ///
  /// @param reason as given on the target
  record Bypassed(String reason, Instant since) implements RolloutState {}

  /// The Canary is being deleted.
  ///
  /// @param stable the revision that the target is returned to; empty when its own template is
  ///   right
  /// @param letGoFirst whether the target must roll before it can take the traffic back
  /// @param abandoned whether the canary is left running, because no data plane confirmed that its
  ///   traffic is gone
  record Terminating(
      Optional<String> stable,
      Instant since,
      boolean letGoFirst,
      boolean abandoned,
      Withdrawal withdrawal)
      implements RolloutState {}

  /// The parts of a step, in turn.
  sealed interface StepPhase {
    /// When this part began.
    Instant since();

    /// The canary becomes as large as the step needs.
    ///
    /// @param meanwhile the split until it is ready: that of the step before, or none after a loss
    record Scaling(Instant since, TrafficSplit meanwhile) implements StepPhase {}

    /// A gate before the step's traffic is closed.
    ///
    /// @param askAgain when systems whose no is a failed check are asked next
    record Gated(Instant since, TrafficSplit meanwhile, Instant askAgain) implements StepPhase {}

    /// The split is on its way to the data plane.
    record Routing(Instant since) implements StepPhase {}

    /// Traffic flows and is judged.
    ///
    /// @param since when the split was confirmed
    /// @param passed rounds of checks passed in this step
    /// @param lastRound when the last round was taken; `since` before the first
    /// @param resumed when a person ended the pause of this step; empty before, and without a pause
    record Holding(Instant since, int passed, Instant lastRound, Optional<Instant> resumed)
        implements StepPhase {}
  }

  /// The parts of a promotion, in turn.
  sealed interface Handover {
    Instant since();

    /// The canary grows to carry everything, because the target cannot keep its share while it
    /// rolls.
    record Scaling(Instant since, TrafficSplit meanwhile) implements Handover {}

    /// All traffic goes to the canary.
    record Routing(Instant since) implements Handover {}

    /// The target is released and rolls.
    ///
    /// @param split who gets which traffic meanwhile
    /// @param lastRound when the last round of checks was taken
    record Rolling(Instant since, TrafficSplit split, Instant lastRound) implements Handover {}
  }
}
