package dev.serin.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// One write to one object. Every change of something shared is conditional: it carries the
/// resourceVersion that the decision behind it saw, so that a writer that woke up late is refused.
public sealed interface Change {

  /// The object that is written.
  ObjectRef ref();

  /// Makes an object that must not exist yet.
  ///
  /// @param object the whole object
  record Create(ObjectRef ref, ObjectNode object) implements Change {}

  /// Server-side apply as field manager `serin`, forced. A `metadata.resourceVersion` in the object
  /// is a precondition; without it the object may be made.
  ///
  /// @param object only the fields that Serin owns; what a former apply had and this one has not is
  ///   removed
  record Apply(ObjectRef ref, ObjectNode object) implements Change {}

  /// A JSON merge patch (RFC 7396).
  ///
  /// @param patch carries `metadata.resourceVersion` as a precondition
  record Merge(ObjectRef ref, ObjectNode patch) implements Change {}

  /// A JSON patch (RFC 6902), refused unless the object still has this resourceVersion.
  ///
  /// @param operations without the resourceVersion, which the writer adds
  record Patch(ObjectRef ref, String resourceVersion, ArrayNode operations) implements Change {}

  /// Replaces the status of an object.
  ///
  /// @param object the object with its new status and the resourceVersion that the decision saw
  record Status(ObjectRef ref, ObjectNode object) implements Change {}

  /// Deletes an object, if it still is the one with this UID; background propagation.
  record Delete(ObjectRef ref, String uid) implements Change {}
}
