package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What the server does with the objects of one kind beyond their schema.
interface KindRules {

  /// Rules of a kind that has none of its own.
  KindRules NONE = new KindRules() {};

  /// What may be done with it by a write that carries no resourceVersion.
  default boolean unconditionalUpdate() {
    return true;
  }

  /// Whether `metadata.generation` counts changes.
  default boolean generations() {
    return true;
  }

  /// Whether a write counts as a change of what is wanted; `generation` grows then.
  default boolean specChanged(ObjectNode object, ObjectNode old) {
    return !Json.sameOrEmpty(object.path("spec"), old.path("spec"));
  }

  /// Fills what the caller left out.
  default void defaults(ObjectNode object) {}

  /// Fills what the server decides when an object is made.
  default void creating(ObjectNode object, ApiStore store) {}

  /// Keeps what a write may not change.
  default void updating(ObjectNode object, ObjectNode old, ApiStore store) {}

  default void validate(ObjectNode object, List<FieldError> errors) {}

  default void validateUpdate(ObjectNode object, ObjectNode old, List<FieldError> errors) {}

  /// Seconds that a deletion waits for somebody to end the object; 0 deletes at once.
  ///
  /// @param asked what the caller asked for, negative for nothing
  default long gracePeriod(ObjectNode object, long asked) {
    return 0;
  }

  /// Called on a copy whose `apiVersion` was just changed: moves fields that are called otherwise.
  default void converted(ObjectNode object) {}
}
