package dev.serin.controller.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// How to find the API server, and as whom to speak to it.
public sealed interface Connection {

  /// As kubectl does it: a kubeconfig, or the service account of the pod that this runs in.
  ///
  /// @param kubeconfig the file; empty for `$KUBECONFIG` or `~/.kube/config`
  /// @param context of the file; empty for its current one
  record Kubeconfig(Optional<Path> kubeconfig, Optional<String> context) implements Connection {}

  /// A server without TLS, such as the sandbox.
  ///
  /// @param token bearer token; empty for none
  record Plain(URI server, Optional<String> token) implements Connection {}

  /// As kubectl would without any flag.
  static Connection standard() {
    return new Kubeconfig(Optional.empty(), Optional.empty());
  }
}
