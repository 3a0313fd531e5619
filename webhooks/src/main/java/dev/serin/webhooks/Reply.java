package dev.serin.webhooks;

import java.time.Duration;
import java.util.Optional;

/// What became of a letter.
sealed interface Reply {

  /// Whether sending it again could help.
  boolean isWorthRetrying();

  /// @param place of the server, fit to be shown
  /// @param code HTTP status
  /// @param words of the server: one line, bounded, without secrets; may be empty
  /// @param retryAfter how long the server wants to be left alone
  record Answered(String place, int code, String words, Optional<Duration> retryAfter)
      implements Reply {

    boolean isYes() {
      return code >= 200 && code < 300;
    }

    /// Whether something before the server answers in its place, or it has no time.
    boolean isBusy() {
      return code == 429 || code == 502 || code == 503 || code == 504;
    }

    @Override
    public boolean isWorthRetrying() {
      return code == 429 || (code >= 500 && code != 501);
    }

    /// `answered 403: not on Fridays`.
    String inWords() {
      return "answered " + code + (words.isEmpty() ? "" : ": " + words);
    }
  }

  /// Nobody answered, or it was not listened to.
  record Silent(String reason, boolean isWorthRetrying) implements Reply {}
}
