package dev.serin.webhooks;

import dev.serin.parse.HookSpec.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Something that is posted to a server.
///
/// @param id the same whenever the same thing is sent again
/// @param to http or https; user and password in it are sent as basic authentication
/// @param mediaType of the body
/// @param body as it is sent, in UTF-8, and signed
/// @param headers beyond those that every letter has
/// @param key signs the body; empty for unsigned
/// @param timeout of one attempt
/// @param retries further attempts after one that says nothing
/// @param tls whether certificates are checked
/// @param proxy an HTTP proxy to go by
/// @param secrets what must not be in any answer
record Letter(
    String id,
    URI to,
    String mediaType,
    String body,
    Map<String, String> headers,
    Optional<String> key,
    Duration timeout,
    int retries,
    Tls tls,
    Optional<URI> proxy,
    Secrets secrets) {

  Letter {
    headers = Map.copyOf(headers);
  }

  /// Scheme, host and port: all of an address that may be shown. Paths of chat systems are secret.
  String place() {
    var port = to.getPort() < 0 ? "" : ":" + to.getPort();
    return to.getScheme() + "://" + to.getHost() + port;
  }

  @Override
  public String toString() {
    return "letter " + id + " to " + place();
  }
}
