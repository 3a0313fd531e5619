package dev.serin.rollout;

import dev.serin.judge.Assessment;
import java.util.List;

/// Something worth telling: it becomes a log line, an event, a metric, an alert and a line of
/// history.
///
/// @param kind what happened
/// @param text one sentence with its reason and numbers, without the Canary's name
/// @param because what was asked of systems and what they answered, when that was the reason
public record Announcement(Kind kind, String text, List<Assessment> because) {

  public Announcement {
    because = List.copyOf(because);
  }

  /// Something that no check was the reason of.
  public Announcement(Kind kind, String text) {
    this(kind, text, List.of());
  }

  /// How much it matters.
  public enum Weight {
    NORMAL,
    WARNING,
    ERROR
  }

  /// What can happen. The names are the reasons of Kubernetes events.
  public enum Kind {
    Initialized(Weight.NORMAL),
    NewRevision(Weight.NORMAL),
    RolloutWaiting(Weight.NORMAL),
    RolloutStarted(Weight.NORMAL),
    StepStarted(Weight.NORMAL),
    StepPassed(Weight.NORMAL),
    Underpowered(Weight.WARNING),
    Bursty(Weight.WARNING),
    CheckFailed(Weight.WARNING),
    CanaryNotReady(Weight.WARNING),
    GatePassed(Weight.NORMAL),
    GateClosed(Weight.NORMAL),
    PromotionWaiting(Weight.NORMAL),
    PromotionStarted(Weight.NORMAL),
    PromotionFailed(Weight.ERROR),
    Promoted(Weight.NORMAL),
    Succeeded(Weight.NORMAL),
    RolledBack(Weight.ERROR),
    Reverting(Weight.ERROR),
    RevertStalled(Weight.ERROR),
    Reverted(Weight.NORMAL),
    Inconclusive(Weight.WARNING),
    Superseded(Weight.NORMAL),
    RejectedAgain(Weight.WARNING),
    Paused(Weight.NORMAL),
    PauseLifted(Weight.WARNING),
    Resumed(Weight.NORMAL),
    Bypassed(Weight.WARNING),
    TargetLost(Weight.WARNING),
    Terminating(Weight.NORMAL),
    Released(Weight.NORMAL),
    Abandoned(Weight.WARNING);

    private final Weight weight;

    Kind(Weight weight) {
      this.weight = weight;
    }

    /// How much it matters.
    public Weight weight() {
      return weight;
    }
  }
}
