package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.parse.CanaryDeclaration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// One Canary, as whoever drives its target has to know it.
///
/// @param canary the object; shared, nobody changes it
/// @param declared what it declares; during a rollout as it was at the start
/// @param hold how templates are held
/// @param adopted UID of the target that was adopted; empty before
/// @param stable the revision that serves; empty before adoption
/// @param rollout number of the last rollout that was started; 0 for none
/// @param released since when the target may roll; empty while it may not
/// @param rejected revisions that were tried and rejected
/// @param proven revisions that were stable within the rollback window
/// @param at where the rollout stands
/// @param now when this look is taken
public record Subject(
    ObjectNode canary,
    CanaryDeclaration declared,
    HoldMode hold,
    Optional<String> adopted,
    Optional<String> stable,
    int rollout,
    Optional<Instant> released,
    Set<String> rejected,
    Set<String> proven,
    Standing at,
    Instant now) {

  public Subject {
    rejected = Set.copyOf(rejected);
    proven = Set.copyOf(proven);
  }

  /// What of the target matters now.
  public enum Standing {
    /// Nothing is on trial and no canary is left: whether the target is fit to be driven is looked
    /// at.
    AT_REST,
    /// A revision is on trial or promoted, or something of it is left.
    ON_TRIAL,
    /// The target goes back, or went back, to the stable revision, although its configuration did
    /// not.
    WENT_BACK
  }

  String namespace() {
    return declared.namespace();
  }

  String name() {
    return declared.name();
  }
}
