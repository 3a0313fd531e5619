package dev.serin.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/// What became of a [Change].
public sealed interface Written {

  /// @param object as the server stored it; for a deletion the last that was known
  record Done(ObjectNode object) implements Written {}

  /// The object was not what the decision saw (409), or is being made by somebody else: look again.
  record Conflict(String reason) implements Written {}

  /// The object is not there (404), or its kind is not served.
  record Gone(String reason) implements Written {}

  /// The server will never accept this (400, 403, 405, 413, 422): a person has to change something.
  record Refused(String reason) implements Written {}

  /// The server could not be reached or is overloaded (408, 429, 5xx, time-out); the change may or
  /// may not have been made.
  ///
  /// @param retryAfter how long the server asked to be left alone
  record Unavailable(String reason, Optional<Duration> retryAfter) implements Written {}
}
