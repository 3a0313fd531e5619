package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `status` of a Canary. `state` is what the machine goes on from; everything else is for people
/// and tools.
///
/// @param routes that split its traffic, the present one last; others wait for being let go
/// @param rejected revisions that were tried and rejected, the last one first; they are not tried
///   again by themselves
/// @param formerStables revisions that were stable before the present one, the last one first
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryStatus(
    @Nullable Long observedGeneration,
    @Nullable String phase,
    @Nullable Integer canaryWeight,
    @Nullable Integer step,
    @Nullable Integer steps,
    @Nullable Integer failedChecks,
    @Nullable String revision,
    @Nullable String stableRevision,
    @Nullable String startedAt,
    @Nullable String waitingFor,
    @Nullable QueueStatus queue,
    @Nullable String hold,
    @Nullable TargetStatus target,
    @Nullable List<RouteStatus> routes,
    @Nullable Map<String, String> trackedConfigs,
    @Nullable List<String> warnings,
    @Nullable List<Condition> conditions,
    @Nullable List<CheckStatus> checks,
    @Nullable List<GateStatus> gates,
    @Nullable List<DecisionStatus> decisions,
    @Nullable List<RolloutStatus> history,
    @Nullable List<CommandStatus> commands,
    @Nullable List<String> rejected,
    @Nullable List<String> formerStables,
    @Nullable ObjectNode state) {

  /// The workload as it was last looked at.
  ///
  /// @param revision that it carries; another one than the Canary's while it waits for its turn
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TargetStatus(
      @Nullable String uid, @Nullable Long observedGeneration, @Nullable String revision) {}

  /// What a route was made by.
  ///
  /// @param provider of the spec
  /// @param kind of a borrowed route; null for a generated one
  /// @param name of a borrowed route; null for a generated one
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RouteStatus(
      @Nullable String provider, @Nullable String kind, @Nullable String name) {}

  /// A place in the line of those whose start only waits for another rollout to end.
  ///
  /// @param since when it stands in line
  /// @param place counted from 1
  /// @param length of the line
  /// @param limit that is reached, in words
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record QueueStatus(
      @Nullable String since,
      @Nullable Integer place,
      @Nullable Integer length,
      @Nullable String limit) {}

  /// A condition as Kubernetes has them.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Condition(
      @Nullable String type,
      @Nullable String status,
      @Nullable String reason,
      @Nullable String message,
      @Nullable Long observedGeneration,
      @Nullable String lastTransitionTime) {}

  /// The last measurement of one check.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CheckStatus(
      @Nullable String name,
      @Nullable String verdict,
      @Nullable String reason,
      @Nullable Double value,
      @Nullable String limit,
      @Nullable String query,
      @Nullable String evidence,
      @Nullable Boolean dryRun,
      @Nullable String time) {}

  /// One gate of the present rollout.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record GateStatus(
      @Nullable String name,
      @Nullable String kind,
      @Nullable String before,
      @Nullable String state,
      @Nullable String reason,
      @Nullable Integer required,
      @Nullable List<String> approvedBy,
      @Nullable String askedAt) {}

  /// Something that was decided.
  ///
  /// @param checks what was asked of systems and what they answered, when that was the reason
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DecisionStatus(
      @Nullable String time,
      @Nullable String kind,
      @Nullable String text,
      @Nullable List<CheckStatus> checks) {}

  /// A rollout that ended.
  ///
  /// @param checks what was asked and answered last, when that ended it
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RolloutStatus(
      @Nullable Integer number,
      @Nullable String revision,
      @Nullable String outcome,
      @Nullable String reason,
      @Nullable String by,
      @Nullable String startedAt,
      @Nullable String endedAt,
      @Nullable Integer durationSeconds,
      @Nullable List<CheckStatus> checks) {}

  /// A command that was answered, so that it is not followed again when it comes back.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CommandStatus(
      @Nullable String name,
      @Nullable String revision,
      @Nullable String command,
      @Nullable String by,
      @Nullable String answer,
      @Nullable String message,
      @Nullable String time) {}
}
