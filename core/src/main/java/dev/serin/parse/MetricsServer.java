package dev.serin.parse;

import java.net.URI;
import java.util.Optional;

/// The Prometheus that a Canary names for its built-in and inline queries.
///
/// @param namespace of the Canary, and of the Secret
/// @param secret name of the Secret with its credentials and authorities; empty for none
public record MetricsServer(URI address, String namespace, Optional<String> secret) {}
