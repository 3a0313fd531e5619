package dev.serin.sandbox.api;

import java.util.Optional;

/// How to delete.
///
/// @param uid delete only the object with this UID
/// @param resourceVersion delete only this version of the object
/// @param propagation what becomes of its dependents
/// @param graceSeconds how long to let it end by itself; empty for the kind's own time
/// @param dryRun answer as if deleted, delete nothing
public record DeleteOptions(
    Optional<String> uid,
    Optional<String> resourceVersion,
    Propagation propagation,
    Optional<Long> graceSeconds,
    boolean dryRun) {

  public static final DeleteOptions DEFAULT =
      new DeleteOptions(
          Optional.empty(), Optional.empty(), Propagation.BACKGROUND, Optional.empty(), false);

  /// What becomes of the objects that a deleted one owns.
  public enum Propagation {
    /// They are collected after it is gone.
    BACKGROUND,
    /// It goes after those that block its deletion are gone.
    FOREGROUND,
    /// They stay and lose their owner.
    ORPHAN
  }

  public static DeleteOptions onlyUid(String uid) {
    return new DeleteOptions(
        Optional.of(uid), Optional.empty(), Propagation.BACKGROUND, Optional.empty(), false);
  }

  public DeleteOptions propagating(Propagation propagation) {
    return new DeleteOptions(uid, resourceVersion, propagation, graceSeconds, dryRun);
  }

  public DeleteOptions graceSeconds(long seconds) {
    return new DeleteOptions(uid, resourceVersion, propagation, Optional.of(seconds), dryRun);
  }
}
