package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a watch reports.
///
/// @param type what happened
/// @param object the object after it (for `DELETED` its last form); shared, never to be changed
public record WatchEvent(Type type, ObjectNode object) {

  /// What happened to an object, seen through the watch's selectors.
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    /// Nothing happened; the object carries only the resourceVersion that the watch has reached.
    BOOKMARK,
    /// The watch ends; the object is a `Status`.
    ERROR
  }
}
