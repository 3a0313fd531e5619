package dev.serin.sandbox.rehearsal;

import java.time.Duration;
import java.util.List;

/// What happens to a revision, whatever the strategy.
enum Story {
  /// The new revision is well.
  GOOD("sandbox/web:2", "Succeeded", "sandbox/web:2", "Promoted"),

  /// It fails half of its requests.
  BAD("sandbox/web:2-errors-50", "Failed", "sandbox/web:2-errors-50", "RolledBack"),

  /// It fails half of its requests, and a person tries it once more, in vain.
  BAD_TWICE("sandbox/web:2-errors-50", "Failed", "sandbox/web:2-errors-50", "RolledBack"),

  /// Its pods never get ready.
  STUCK("sandbox/web:2-not-ready", "Failed", "sandbox/web:2-not-ready", "RolledBack"),

  /// The canary is well, and then the target itself gets no pods of it.
  STALLED("sandbox/web:2", "PromotionFailed", "sandbox/web:2", "PromotionFailed"),

  /// The Canary is deleted while the revision is tried.
  DELETED("sandbox/web:2", "", "sandbox/web:1", ""),

  /// A third revision comes while the second is tried.
  SUPERSEDED("sandbox/web:2", "Succeeded", "sandbox/web:3", "Promoted"),

  /// A webhook holds it back at first, a person stops it for a while, and another has to approve
  /// it.
  APPROVED("sandbox/web:2", "Succeeded", "sandbox/web:2", "Promoted"),

  /// The target itself gets no pods of it, and a person takes it back before that is given up.
  ABORTED("sandbox/web:2", "Failed", "sandbox/web:1", "RolledBack"),

  /// The target itself gets no pods of it until a person tries again.
  RETRIED("sandbox/web:2", "Succeeded", "sandbox/web:2", "Promoted"),

  /// The same image gets other settings.
  CONFIGURED("sandbox/web:1", "Succeeded", "sandbox/web:1", "Promoted");

  static final List<Story> ALL = List.of(values());

  /// Counted from 0.
  int place() {
    return ALL.indexOf(this);
  }

  /// How long each may take at most, with all trouble.
  static final Duration PATIENCE = Duration.ofMinutes(30);

  /// What is released.
  final String image;

  /// The phase that it ends in; "" when the Canary is gone.
  final String end;

  /// What the target's template says in the end.
  final String endImage;

  /// The last entry of the history; "" when the Canary is gone.
  final String outcome;

  Story(String image, String end, String endImage, String outcome) {
    this.image = image;
    this.end = end;
    this.endImage = endImage;
    this.outcome = outcome;
  }

  /// Whether the target waits for its release in the end.
  boolean endsHeld() {
    return switch (this) {
      case BAD, BAD_TWICE, STUCK, STALLED -> true;
      case GOOD, DELETED, SUPERSEDED, APPROVED, ABORTED, RETRIED, CONFIGURED -> false;
    };
  }

  /// Whether there is no room for pods of the new revision in the target itself.
  boolean lacksRoom() {
    return switch (this) {
      case STALLED, ABORTED, RETRIED -> true;
      case GOOD, BAD, BAD_TWICE, STUCK, DELETED, SUPERSEDED, APPROVED, CONFIGURED -> false;
    };
  }
}
