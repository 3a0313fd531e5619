package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `spec` of a MetricTemplate: a query, and the system that answers it.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricTemplateSpec(@Nullable Provider provider, @Nullable String query) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Provider(
      @Nullable String type,
      @Nullable String address,
      @Nullable Map<String, List<String>> headers,
      @Nullable SecretRef secretRef,
      @Nullable String region,
      @Nullable Boolean insecureSkipVerify) {}
}
