package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of `spec.analysis.webhooks` of a Canary.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookSpec(
    @Nullable String name,
    @Nullable String type,
    @Nullable String url,
    @Nullable String timeout,
    @Nullable Integer retries,
    @Nullable Map<String, String> metadata,
    @Nullable Boolean muteAlert,
    @Nullable Boolean disableTLS,
    @Nullable SecretKeyRef secretRef,
    @Nullable List<HeaderFrom> headersFrom,
    @Nullable String deadline,
    @Nullable String onTimeout) {

  /// One value of a Secret in the Canary's namespace.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SecretKeyRef(@Nullable String name, @Nullable String key) {}

  /// A header whose value a Secret holds.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record HeaderFrom(@Nullable String name, @Nullable SecretKeyRef secretKeyRef) {}
}
