package dev.serin.metrics.providers;

/// What became of one request.
sealed interface Reply {

  /// @param body of an answer that the server means
  record Answered(String body) implements Reply {}

  /// The server works and will not answer this query, however often it is asked; it may answer a
  /// smaller one.
  record Refused(String reason) implements Reply {}

  /// The server works and will answer nothing that is asked this way: wrong address, no access.
  record Denied(String reason) implements Reply {}

  /// The server is not reached, or is in no state to answer.
  ///
  /// @param again whether asking at once again is worth while
  record Down(String reason, boolean again) implements Reply {}
}
