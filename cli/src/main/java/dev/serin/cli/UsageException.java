package dev.serin.cli;

/// What was asked cannot be done as it was asked; the message says how it can.
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
