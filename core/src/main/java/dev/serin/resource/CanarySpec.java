package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `spec` of a Canary.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanarySpec(
    @Nullable WorkloadRef targetRef,
    @Nullable String provider,
    @Nullable String metricsServer,
    @Nullable SecretRef metricsServerSecretRef,
    @Nullable ServiceSpec service,
    @Nullable Scaling canary,
    @Nullable WorkloadRef autoscalerRef,
    @Nullable WorkloadRef ingressRef,
    @Nullable Integer progressDeadlineSeconds,
    @Nullable Boolean skipAnalysis,
    @Nullable Boolean suspend,
    @Nullable Boolean revertOnDeletion,
    @Nullable RollbackWindow rollbackWindow,
    @Nullable List<Window> windows,
    @Nullable AnalysisSpec analysis) {

  /// An object of the Canary's namespace.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WorkloadRef(
      @Nullable String apiVersion, @Nullable String kind, @Nullable String name) {}

  /// `spec.canary`: the copy that runs the new revision.
  ///
  /// @param replicas `MatchWeight`, `Full` or a number
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Scaling(@Nullable JsonNode replicas, @Nullable Integer drainSeconds) {}

  /// `spec.rollbackWindow`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RollbackWindow(@Nullable Integer revisions) {}

  /// One of `spec.windows`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Window(
      @Nullable String schedule, @Nullable String duration, @Nullable String timeZone) {}
}
