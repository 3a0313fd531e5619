package dev.serin.cli;

import dev.serin.cluster.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.regex.Pattern;

/// The API server did not do what it was asked; the message says why, in one sentence, and what
/// helps.
final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Below are codes of requests that got no answer.
  private static final int FIRST_ANSWER = 100;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int INTERNAL_ERROR = 500;

  /// How the server words that a role is missing.
  private static final Pattern MISSING_ROLE =
      Pattern.compile("User \"([^\"]*)\" cannot ([a-z]+) resource \"([^\"]*)\"");

  private final int code;

  private ClusterException(String message, int code, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /// What was asked of the server.
  ///
  /// @param verb as of RBAC
  /// @param namespace empty for all, and for what has none
  record Request(String server, String verb, Kind kind, String namespace) {

    /// The kind as RBAC and discovery name it, such as `canaries.serin.dev`.
    String resource() {
      return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    }

    private String where() {
      if (!kind.namespaced()) {
        return "";
      }
      return namespace.isEmpty() ? " in all namespaces" : " in namespace " + namespace;
    }
  }

  static ClusterException of(KubernetesClientException refused, Request request) {
    var code = refused.getCode();
    var said = words(refused);
    if (code < FIRST_ANSWER) {
      return new ClusterException(
          "the API server %s cannot be reached: %s".formatted(request.server(), said),
          code,
          refused);
    }
    return new ClusterException(
        switch (code) {
          case UNAUTHORIZED ->
              "the API server %s does not know you; log in again, or choose another --context"
                  .formatted(request.server());
          case FORBIDDEN -> forbidden(said, request);
          case NOT_FOUND ->
              request.kind().group().equals(Kind.CANARY.group())
                  ? "the API server %s does not know %s; install Serin: canary install --help"
                      .formatted(request.server(), request.resource())
                  : said;
          default -> said;
        },
        code,
        refused);
  }

  private static String forbidden(String said, Request request) {
    var missing = MISSING_ROLE.matcher(said);
    return missing.find()
        ? "%s may not %s %s%s; it takes a role with verb %s on %s"
            .formatted(
                missing.group(1).isEmpty() ? "you" : missing.group(1),
                missing.group(2),
                request.resource(),
                request.where(),
                missing.group(2),
                request.resource())
        : said;
  }

  private static String words(KubernetesClientException refused) {
    if (refused.getStatus() != null && refused.getStatus().getMessage() != null) {
      return refused.getStatus().getMessage();
    }
    Throwable cause = refused;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    var message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /// Whether the same request may well succeed a little later.
  boolean isPassing() {
    return code < FIRST_ANSWER || code == TOO_MANY_REQUESTS || code >= INTERNAL_ERROR;
  }

  boolean isForbidden() {
    return code == FORBIDDEN;
  }
}
