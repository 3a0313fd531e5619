package dev.serin.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Proves who sent a body and when, as [Standard Webhooks](https://www.standardwebhooks.com) has
/// it: HMAC-SHA-256 over `id.timestamp.body`.
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String ENCODED = "whsec_";

  private Signature() {}

  /// @param key `whsec_` and base64, or any other text as it is; surrounding space does not count
  /// @param at when it is sent, in whole seconds
  static Map<String, String> headers(String key, String id, Instant at, byte[] body) {
    var time = Long.toString(at.getEpochSecond());
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes(key.strip()), ALGORITHM));
      mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
      var sum = Base64.getEncoder().encodeToString(mac.doFinal(body));
      return Map.of("webhook-timestamp", time, "webhook-signature", "v1," + sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /// Whether a text can be a key.
  static boolean isKey(String text) {
    try {
      return bytes(text.strip()).length > 0;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static byte[] bytes(String key) {
    return key.startsWith(ENCODED)
        ? Base64.getDecoder().decode(key.substring(ENCODED.length()))
        : key.getBytes(StandardCharsets.UTF_8);
  }
}
