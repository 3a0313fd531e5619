package dev.serin.webhooks;

import java.util.Map;
import java.util.Optional;

/// What the Secrets that a webhook names hold.
///
/// @param key signs bodies; empty for unsigned
/// @param headers sent along
public record HookCredentials(Optional<String> key, Map<String, String> headers) {

  public HookCredentials {
    headers = Map.copyOf(headers);
  }

  /// Nothing has to be proved.
  public static HookCredentials none() {
    return new HookCredentials(Optional.empty(), Map.of());
  }

  @Override
  public String toString() {
    return "HookCredentials[***]";
  }
}
