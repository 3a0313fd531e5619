package dev.serin.alert;

import java.util.Optional;

/// The port to a system that tells people. Calls block with a deadline; telling twice is harmless.
public interface Notifier {

  /// Tells once.
  ///
  /// @return empty when it was delivered, else why not, without any credential
  Optional<String> tell(Alert alert);
}
