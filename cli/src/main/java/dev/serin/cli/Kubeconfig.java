package dev.serin.cli;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import org.jspecify.annotations.Nullable;

/// Which cluster is meant, found as kubectl finds it: `--kubeconfig`, `KUBECONFIG`,
/// `~/.kube/config`, or the pod's own account.
final class Kubeconfig {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  private Kubeconfig() {}

  static Config of(ClusterOptions options) {
    var file = options.kubeconfig;
    var context = options.context;
    if (file != null && !new File(file).isFile()) {
      throw new UsageException(
          "--kubeconfig is '%s', which is not a file; name one that exists".formatted(file));
    }
    var read = read(file, context);
    var known = read.getContexts().stream().map(NamedContext::getName).sorted().toList();
    var where = file == null ? "the kubeconfig" : file;
    if (context != null && !known.contains(context)) {
      throw new UsageException(
          "--context is '%s'; %s has %s"
              .formatted(context, where, known.isEmpty() ? "no contexts" : known));
    }
    if (read.getCurrentContext() == null && !isElsewhere()) {
      throw new UsageException(
          known.isEmpty()
              ? "no cluster is known; name one with --kubeconfig, KUBECONFIG or ~/.kube/config"
              : "%s has no current context; choose one with --context: %s".formatted(where, known));
    }
    return new ConfigBuilder(read)
        .withRequestRetryBackoffLimit(1)
        .withConnectionTimeout(CONNECT_TIMEOUT_MILLIS)
        .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
        .withOnlyHttpWatches(true)
        .withUserAgent("canary/" + Version.text())
        .build();
  }

  private static Config read(@Nullable String file, @Nullable String context) {
    try {
      return file == null
          ? Config.autoConfigure(context)
          : Config.fromKubeconfig(context, new File(file));
    } catch (KubernetesClientException e) {
      throw new UsageException(
          "%s cannot be used: %s"
              .formatted(file == null ? "the kubeconfig" : "--kubeconfig " + file, e.getMessage()));
    }
  }

  /// Whether something other than a kubeconfig says which cluster is meant.
  private static boolean isElsewhere() {
    return System.getenv("KUBERNETES_SERVICE_HOST") != null
        || System.getenv("KUBERNETES_MASTER") != null
        || System.getProperty("kubernetes.master") != null;
  }
}
