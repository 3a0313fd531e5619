package dev.serin.metrics.providers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What is sent to prove who asks, and what therefore must not be shown to anybody.
///
/// @param authorization value of the header; empty when nobody has to prove anything
/// @param secrets every text that must not appear anywhere
record Credentials(Optional<String> authorization, List<String> secrets) {

  /// Reads the keys `token`, or `username` and `password`; else user and password of the address.
  ///
  /// @param problems gets what is wrong
  static Credentials of(ProviderSettings settings, List<String> problems) {
    var secrets = new ArrayList<String>();
    settings.headers().values().forEach(secrets::addAll);
    var authorization = authorization(settings, secrets, problems);
    authorization.ifPresent(secrets::add);
    secrets.addAll(settings.secret().values());
    return new Credentials(
        authorization,
        secrets.stream()
            .map(String::strip)
            .filter(secret -> secret.length() > 2)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  /// A text without any secret in it.
  String scrubbed(String text) {
    var clean = text;
    for (var secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }

  @Override
  public String toString() {
    return "Credentials[***]";
  }

  private static Optional<String> authorization(
      ProviderSettings settings, List<String> secrets, List<String> problems) {
    var secret = settings.secret();
    if (secret.containsKey("token")) {
      return Optional.of("Bearer " + secret.getOrDefault("token", "").strip());
    }
    if (secret.containsKey("username") || secret.containsKey("password")) {
      for (var key : List.of("username", "password")) {
        if (!secret.containsKey(key)) {
          problems.add(
              "the Secret has no key '%s'; it needs username and password, or token"
                  .formatted(key));
        }
      }
      return Optional.of(
          basic(secret.getOrDefault("username", ""), secret.getOrDefault("password", ""), secrets));
    }
    var user = Optional.ofNullable(settings.address().getUserInfo());
    return user.map(
        info -> {
          int colon = info.indexOf(':');
          return colon < 0
              ? basic(info, "", secrets)
              : basic(info.substring(0, colon), info.substring(colon + 1), secrets);
        });
  }

  private static String basic(String user, String password, List<String> secrets) {
    var pair = user.strip() + ":" + password.strip();
    var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    secrets.add(encoded);
    secrets.add(password);
    return "Basic " + encoded;
  }
}
