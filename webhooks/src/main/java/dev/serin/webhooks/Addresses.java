package dev.serin.webhooks;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Addresses of servers, and what of them is secret.
final class Addresses {
  /// From this length on a part of an address may be a token.
  private static final int TOKEN = 8;

  private Addresses() {}

  static Optional<URI> http(String text) {
    try {
      var address = URI.create(text.strip());
      var scheme = address.getScheme();
      var known = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
      return known && address.getHost() != null ? Optional.of(address) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The password, and values of the query that may be tokens.
  static List<String> secrets(URI address) {
    var secrets = new ArrayList<String>();
    Optional.ofNullable(address.getRawUserInfo())
        .ifPresent(
            user -> {
              both(user, secrets);
              int colon = user.indexOf(':');
              both(colon < 0 ? user : user.substring(colon + 1), secrets);
            });
    Optional.ofNullable(address.getRawQuery())
        .ifPresent(
            query -> {
              for (var parameter : query.split("&")) {
                var value = parameter.substring(parameter.indexOf('=') + 1);
                if (value.length() >= TOKEN) {
                  both(value, secrets);
                }
              }
            });
    return secrets;
  }

  /// The same, and parts of the path: who knows the address of a chat system may write there.
  static List<String> secretsOfChat(URI address) {
    var secrets = new ArrayList<>(secrets(address));
    Optional.ofNullable(address.getRawPath())
        .ifPresent(
            path -> {
              for (var part : path.split("/")) {
                if (part.length() >= TOKEN) {
                  both(part, secrets);
                }
              }
            });
    return secrets;
  }

  private static void both(String raw, List<String> into) {
    into.add(raw);
    into.add(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
  }
}
