package dev.serin.parse;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Addresses of servers.
final class Uris {

  private Uris() {}

  static Optional<URI> http(String text, Place at) {
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      var known = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
      if (known && uri.getHost() != null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException _) {
      // Told below, like every other text that is no address.
    }
    at.wrong(text, "is not an address of a server", "write it like http://host:port/path");
    return Optional.empty();
  }
}
