package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A change of an object that does not name the whole object.
public sealed interface Patch {

  /// RFC 7396.
  record Merge(ObjectNode patch) implements Patch {}

  /// RFC 6902.
  ///
  /// @param operations the list of operations
  record Operations(JsonNode operations) implements Patch {}

  /// Like a merge patch, but lists with keys are merged by key; built-in kinds only.
  record Strategic(ObjectNode patch) implements Patch {}

  /// Server-side apply: the fields that the field manager wants to own.
  record Apply(ObjectNode configuration) implements Patch {}
}
