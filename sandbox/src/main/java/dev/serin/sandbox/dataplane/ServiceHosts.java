package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.dataplane.Rule.Backend;
import java.util.Optional;
import java.util.regex.Pattern;

/// Host names of Services.
final class ServiceHosts {

  private static final Pattern QUALIFIED =
      Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)(\\.svc(\\.cluster\\.local)?)?");

  private ServiceHosts() {}

  /// The name under which a Service is known everywhere.
  static String canonical(String namespace, String service) {
    return service + "." + namespace + ".svc.cluster.local";
  }

  /// The Service that `web.shop`, `web.shop.svc` or the like may name.
  static Optional<Backend> parse(String host) {
    var matcher = QUALIFIED.matcher(host);
    return matcher.matches()
        ? Optional.of(new Backend(matcher.group(2), matcher.group(1), 0))
        : Optional.empty();
  }

  /// The same for an object of a namespace, in which `web` is a Service beside it.
  static Optional<Backend> parse(String host, String namespace) {
    return host.matches("[a-z0-9-]+") ? Optional.of(new Backend(namespace, host, 0)) : parse(host);
  }
}
