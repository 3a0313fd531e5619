package dev.serin.webhooks;

import java.util.Map;

/// What an AlertProvider says, with the data of its Secret.
///
/// @param type name of the kind of system, such as `slack`
/// @param address where to tell; empty when the Secret holds it under `address`
/// @param channel for systems that let the sender choose it; may be empty
/// @param username for systems that let the sender choose it; may be empty
/// @param proxy address of an HTTP proxy; empty for none
/// @param secret the data of the Secret, decoded: `address`, `token`, `hmac-key`; empty for none
public record NotifierSettings(
    String type,
    String address,
    String channel,
    String username,
    String proxy,
    Map<String, String> secret) {

  public NotifierSettings {
    secret = Map.copyOf(secret);
  }

  /// Without any credential.
  @Override
  public String toString() {
    return "NotifierSettings[" + type + "]";
  }
}
