package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of `spec.analysis.metrics` of a Canary.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricSpec(
    @Nullable String name,
    @Nullable String interval,
    @Nullable ThresholdRange thresholdRange,
    @Nullable ComparisonSpec comparison,
    @Nullable TrendSpec trend,
    @Nullable Integer minSamples,
    @Nullable String onNoData,
    @Nullable NamespacedRef templateRef,
    @Nullable Map<String, String> templateVariables,
    @Nullable String query,
    @Nullable Boolean dryRun) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ThresholdRange(@Nullable Double min, @Nullable Double max) {}

  /// @param tolerance a word, or an object with `relative` and `absolute`
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ComparisonSpec(
      @Nullable JsonNode tolerance,
      @Nullable String slowerThan,
      @Nullable Double alpha,
      @Nullable Double beta) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TrendSpec(
      @Nullable String direction,
      @Nullable Double tolerance,
      @Nullable Double absolute,
      @Nullable Double alpha) {}
}
