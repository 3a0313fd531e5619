package dev.serin.webhooks;

import dev.serin.parse.HookSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where alerts go, known to be usable.
///
/// @param address of the system
/// @param channel may be empty
/// @param username may be empty
/// @param proxy an HTTP proxy to go by
/// @param token sent as bearer token
/// @param key signs the body
record Destination(
    URI address,
    String channel,
    String username,
    Optional<URI> proxy,
    Optional<String> token,
    Optional<String> key) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int RETRIES = 7;

  /// @param problems gets what is wrong, each with its cure and without any secret
  static Optional<Destination> of(NotifierSettings settings, List<String> problems) {
    var secret = settings.secret();
    var kept = secret.getOrDefault("address", "").strip();
    var given = kept.isEmpty() ? settings.address() : kept;
    var address = Addresses.http(given);
    if (given.isEmpty()) {
      problems.add("it has no address; give spec.address, or the key 'address' of its Secret");
    } else if (address.isEmpty()) {
      problems.add(
          (kept.isEmpty() ? "spec.address" : "the Secret's address")
              + " is no address of a server; write it like https://host/path");
    }
    var proxy = Addresses.http(settings.proxy());
    if (!settings.proxy().isEmpty() && proxy.isEmpty()) {
      problems.add("spec.proxy is no address of a server; write it like http://host:port");
    }
    var token = Optional.ofNullable(secret.get("token")).map(String::strip);
    if (token.filter(text -> !text.matches("[\\x21-\\x7e]+")).isPresent()) {
      problems.add("the Secret's token is empty or no header can carry it; correct the Secret");
    }
    var key = Optional.ofNullable(secret.get("hmac-key"));
    if (key.filter(text -> !Signature.isKey(text)).isPresent()) {
      problems.add(
          "the Secret's hmac-key is empty or, after whsec_, no base64; correct the Secret");
    }
    return problems.isEmpty()
        ? address.map(
            to -> new Destination(to, settings.channel(), settings.username(), proxy, token, key))
        : Optional.empty();
  }

  Letter letter(String id, String mediaType, String body) {
    return new Letter(
        id,
        address,
        mediaType,
        body,
        token
            .<Map<String, String>>map(text -> Map.of("Authorization", "Bearer " + text))
            .orElse(Map.of()),
        key,
        TIMEOUT,
        RETRIES,
        HookSpec.Tls.VERIFIED,
        proxy,
        secrets());
  }

  private Secrets secrets() {
    var secrets = new ArrayList<>(Addresses.secretsOfChat(address));
    proxy.ifPresent(by -> secrets.addAll(Addresses.secrets(by)));
    token.ifPresent(secrets::add);
    key.ifPresent(secrets::add);
    return Secrets.of(secrets);
  }

  @Override
  public String toString() {
    return "Destination[***]";
  }
}
