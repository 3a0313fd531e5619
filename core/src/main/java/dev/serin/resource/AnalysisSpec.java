package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `spec.analysis` of a Canary: the steps, what is asked at each, and who is asked.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnalysisSpec(
    @Nullable String interval,
    @Nullable Integer threshold,
    @Nullable Integer iterations,
    @Nullable Integer maxWeight,
    @Nullable Integer stepWeight,
    @Nullable List<Integer> stepWeights,
    @Nullable Integer stepWeightPromotion,
    @Nullable Boolean mirror,
    @Nullable Integer mirrorWeight,
    @Nullable List<Match> match,
    @Nullable List<StepSpec> steps,
    @Nullable SessionAffinity sessionAffinity,
    @Nullable String maxDuration,
    @Nullable String onInconclusive,
    @Nullable String metricsDialect,
    @Nullable List<MetricSpec> metrics,
    @Nullable List<WebhookSpec> webhooks,
    @Nullable List<ApprovalSpec> approvals,
    @Nullable List<AlertRule> alerts) {

  /// One alternative of an A/B rule.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Match(
      @Nullable Map<String, TextMatch> headers,
      @Nullable Map<String, TextMatch> cookies,
      @Nullable Map<String, TextMatch> queryParams,
      @Nullable Map<String, String> sourceLabels) {}

  /// One of `steps`; exactly one of its fields is given.
  ///
  /// @param setReplicas `MatchWeight`, `Full` or a number
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StepSpec(
      @Nullable Integer setWeight,
      @Nullable JsonNode setReplicas,
      @Nullable Pause pause,
      @Nullable Analyse analysis) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Pause(@Nullable String duration) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Analyse(@Nullable Integer iterations) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SessionAffinity(@Nullable String cookieName, @Nullable Integer maxAge) {}

  /// One of `approvals`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ApprovalSpec(
      @Nullable String name,
      @Nullable String before,
      @Nullable Integer step,
      @Nullable List<String> approvers,
      @Nullable Integer required,
      @Nullable String timeout,
      @Nullable String onTimeout) {}

  /// One of `alerts`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AlertRule(
      @Nullable String name, @Nullable String severity, @Nullable NamespacedRef providerRef) {}
}
