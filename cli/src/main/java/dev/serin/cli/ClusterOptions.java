package dev.serin.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which cluster and namespace, with kubectl's own flags.
final class ClusterOptions {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "The namespace; that of the context when not given.")
  @Nullable String namespace;

  @Option(
      names = "--context",
      paramLabel = "CONTEXT",
      description = "The context of the kubeconfig.")
  @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig; KUBECONFIG or ~/.kube/config when not given.")
  @Nullable String kubeconfig;

  ClusterAccess open() {
    return ClusterAccess.open(this);
  }
}
