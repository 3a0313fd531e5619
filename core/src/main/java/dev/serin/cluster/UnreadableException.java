package dev.serin.cluster;

/// Something cannot be read now, where no answer would be right: an empty list is not the same as a
/// list that is not known. Whoever asked gives up and tries again later.
public final class UnreadableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// @param message what cannot be read, and why
  public UnreadableException(String message) {
    super(message);
  }
}
