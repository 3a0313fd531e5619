package dev.serin.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// What is known of one object. Not knowing is not the same as knowing that it is not there.
public sealed interface Read {

  /// @param object the object; a shared value that nobody may change, copy it first
  record Found(ObjectNode object) implements Read {}

  /// The object does not exist.
  record Absent() implements Read {}

  /// The API server does not know the kind, so the object cannot exist.
  record NotServed() implements Read {}

  /// @param reason why it cannot be told, such as a cache not yet filled
  record Unknown(String reason) implements Read {}

  /// The object when it was found, else empty.
  default Optional<ObjectNode> found() {
    return this instanceof Found(var object) ? Optional.of(object) : Optional.empty();
  }
}
