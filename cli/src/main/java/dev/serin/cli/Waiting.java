package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Follows one release to its end: which revision is meant, what was decided about it, and how it
/// ended. Pure: fed with versions of the Canary, it answers with lines to print and, at the end, an
/// exit code.
final class Waiting {
  static final int PROMOTED = 0;
  static final int ROLLED_BACK = 1;
  static final int SUPERSEDED = 3;
  static final int REVERTED = 4;
  static final int TIMED_OUT = 5;
  static final int NEEDS_APPROVAL = 6;
  static final int NOT_ADOPTED = 7;
  static final int UNKNOWN = 8;
  static final int PROMOTION_FAILED = 9;

  /// Decisions with which the story of a revision begins.
  private static final Set<String> BEGINNINGS = Set.of("NewRevision", "RejectedAgain");

  private final Optional<Target> target;
  private final boolean failOnApproval;
  private final Set<String> told = new HashSet<>();
  private final Set<JsonNode> endedBefore = new HashSet<>();
  private Optional<String> revision = Optional.empty();
  private boolean taken;
  private String lastWait = "";
  private String lastProblem = "";

  /// The version of the workload that is waited for.
  ///
  /// @param generation of its spec
  record Target(String uid, long generation) {}

  /// What one look at the Canary brought.
  ///
  /// @param lines to print, in order
  /// @param exit how it ended; empty while it goes on
  record Look(List<String> lines, Optional<Integer> exit) {

    static Look end(List<String> lines, String text, int code) {
      var all = new ArrayList<>(lines);
      all.add(text);
      return new Look(List.copyOf(all), Optional.of(code));
    }
  }

  /// @param target the version of the workload that must have been observed; empty to take the
  ///   Canary's revision as it is
  Waiting(Optional<Target> target, boolean failOnApproval) {
    this.target = target;
    this.failOnApproval = failOnApproval;
  }

  /// An exit code in a word: that of `status.history` where there is one.
  static String outcome(int code) {
    return switch (code) {
      case PROMOTED -> "Promoted";
      case ROLLED_BACK -> "RolledBack";
      case SUPERSEDED -> "Superseded";
      case REVERTED -> "Reverted";
      case TIMED_OUT -> "TimedOut";
      case NEEDS_APPROVAL -> "NeedsApproval";
      case NOT_ADOPTED -> "NotAdopted";
      case PROMOTION_FAILED -> "PromotionFailed";
      default -> "Unknown";
    };
  }

  /// The revision that is waited for, once it is known.
  Optional<String> revision() {
    return revision;
  }

  Look look(ObjectNode canary) {
    var status = canary.path("status");
    var lines = new ArrayList<String>();
    switch (status.path("phase").asText()) {
      case "Bypassed" -> {
        return Look.end(lines, "the glass was broken; nobody watches this release", UNKNOWN);
      }
      case "Terminating" -> {
        return Look.end(lines, "the Canary is being deleted", UNKNOWN);
      }
      default -> {}
    }
    if (revision.isEmpty()) {
      bind(status, lines);
    }
    if (revision.isEmpty()) {
      waits(status, lines);
      return new Look(List.copyOf(lines), Optional.empty());
    }
    decisions(status, lines);
    var meant = revision.get();
    taken |= status.path("revision").asText().equals(meant);
    var end = ended(status, meant).or(() -> approval(canary));
    if (end.isPresent()) {
      return Look.end(lines, end.get().text(), end.get().code());
    }
    waits(status, lines);
    return new Look(List.copyOf(lines), Optional.empty());
  }

  private void bind(JsonNode status, List<String> lines) {
    revision = target.isEmpty() ? text(status, "revision") : carried(status, target.get());
    if (revision.isEmpty()) {
      return;
    }
    status.path("history").forEach(endedBefore::add);
    skipFormerDecisions(status);
    lines.add(
        "revision %s, stable is %s"
            .formatted(revision.get(), text(status, "stableRevision").orElse("not known yet")));
  }

  /// The revision of the workload's version, once Serin has seen that version. While a promotion
  /// runs it may differ from the revision on trial.
  private static Optional<String> carried(JsonNode status, Target version) {
    var seen = status.path("target");
    return seen.path("uid").asText().equals(version.uid())
            && seen.path("observedGeneration").asLong() >= version.generation()
        ? text(seen, "revision").or(() -> text(status, "revision"))
        : Optional.empty();
  }

  /// What was decided about revisions before is not part of the story.
  private void skipFormerDecisions(JsonNode status) {
    var begun = false;
    for (var decision : status.path("decisions")) {
      if (begun) {
        told.add(line(decision));
      }
      begun |= BEGINNINGS.contains(decision.path("kind").asText());
    }
  }

  /// The status has the newest first; a story is told from its beginning.
  private void decisions(JsonNode status, List<String> lines) {
    var untold = new ArrayDeque<String>();
    for (var decision : status.path("decisions")) {
      var line = line(decision);
      if (told.add(line)) {
        untold.addFirst(line);
      }
    }
    lines.addAll(untold);
  }

  private static String line(JsonNode decision) {
    return "%s  %s: %s"
        .formatted(
            decision.path("time").asText(),
            decision.path("kind").asText(),
            decision.path("text").asText());
  }

  private void waits(JsonNode status, List<String> lines) {
    var waits = status.path("waitingFor").asText();
    if (!waits.equals(lastWait)) {
      lastWait = waits;
      if (!waits.isEmpty()) {
        lines.add("waits for " + waits);
      }
    }
    var problem = condition(status, "Stalled").map(Waiting::problem).orElse("");
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      problem.lines().forEach(lines::add);
    }
  }

  private static String problem(JsonNode condition) {
    return "stalled (%s): %s"
        .formatted(condition.path("reason").asText(), condition.path("message").asText());
  }

  /// @param code the exit code
  private record End(String text, int code) {}

  private Optional<End> ended(JsonNode status, String meant) {
    var phase = status.path("phase").asText();
    if (status.path("revision").asText().equals(meant)) {
      if (phase.equals("PromotionFailed")) {
        return end("the promotion of " + meant + " failed" + why(status, meant), PROMOTION_FAILED);
      }
      if (phase.equals("Failed")) {
        return Optional.of(rejected(status, meant));
      }
      if (condition(status, "Promoted").isPresent()) {
        return end("revision " + meant + " is promoted", PROMOTED);
      }
    }
    var end =
        status.path("stableRevision").asText().equals(meant)
            ? stable(status, phase, meant)
            : Optional.<End>empty();
    return end.isEmpty() && movedOn(status, meant) ? left(status, meant) : end;
  }

  private static Optional<End> stable(JsonNode status, String phase, String meant) {
    var returned =
        phase.equals("Failed")
            || (phase.equals("Initialized")
                && newestOutcome(status).filter("Reverted"::equals).isPresent());
    if (returned) {
      return end("the target was returned to the stable revision " + meant, REVERTED);
    }
    return phase.equals("Initialized") || phase.equals("Succeeded")
        ? end("revision " + meant + " is stable", PROMOTED)
        : Optional.empty();
  }

  private static Optional<End> end(String text, int code) {
    return Optional.of(new End(text, code));
  }

  private static End rejected(JsonNode status, String meant) {
    return rejectedBefore(status, meant)
        ? new End(
            "revision " + meant + " was rejected before; `canary retry` tries it again", REVERTED)
        : new End("revision " + meant + " was rolled back" + why(status, meant), ROLLED_BACK);
  }

  private static boolean rejectedBefore(JsonNode status, String meant) {
    for (var decision : status.path("decisions")) {
      switch (decision.path("kind").asText()) {
        case "RejectedAgain" -> {
          return true;
        }
        case "RolledBack", "Reverting", "PromotionFailed" -> {
          return false;
        }
        default -> {}
      }
    }
    return outcome(status, meant).isEmpty();
  }

  /// Whether the Canary, or the target before the Canary took it up, is about another revision now.
  private boolean movedOn(JsonNode status, String meant) {
    var now = taken ? status.path("revision") : status.at("/target/revision");
    return taken ? !now.asText().equals(meant) : !now.asText(meant).equals(meant);
  }

  private Optional<End> left(JsonNode status, String meant) {
    if (taken && text(status, "revision").isEmpty()) {
      return end("the target is adopted anew; what became of " + meant + " is not known", UNKNOWN);
    }
    var outcome =
        outcomes(status)
            .filter(each -> !endedBefore.contains(each))
            .filter(each -> each.path("revision").asText().equals(meant))
            .map(each -> each.path("outcome").asText())
            .findFirst()
            .orElse("Superseded");
    var why = why(status, meant);
    return switch (outcome) {
      case "Promoted" -> end("revision " + meant + " was promoted", PROMOTED);
      case "RolledBack" -> end("revision " + meant + " was rolled back" + why, ROLLED_BACK);
      case "Reverted" ->
          end("the target was returned to the stable revision instead of " + meant, REVERTED);
      case "PromotionFailed" ->
          end("the promotion of " + meant + " failed" + why, PROMOTION_FAILED);
      case "Released" -> end("the target was let go", UNKNOWN);
      default ->
          end(
              "revision %s was superseded by %s"
                  .formatted(
                      meant,
                      text(status.path("target"), "revision")
                          .or(() -> text(status, "revision"))
                          .orElse("another")),
              SUPERSEDED);
    };
  }

  private static java.util.stream.Stream<JsonNode> outcomes(JsonNode status) {
    return StreamSupport.stream(status.path("history").spliterator(), false);
  }

  private static Optional<String> newestOutcome(JsonNode status) {
    return outcomes(status).findFirst().map(each -> each.path("outcome").asText());
  }

  /// How the last rollout of a revision ended; empty when none did.
  private static Optional<JsonNode> outcome(JsonNode status, String meant) {
    return outcomes(status)
        .filter(each -> each.path("revision").asText().equals(meant))
        .findFirst();
  }

  private static String why(JsonNode status, String meant) {
    return outcome(status, meant)
        .flatMap(each -> text(each, "reason"))
        .map(reason -> ": " + reason)
        .orElse("");
  }

  /// A condition that holds.
  private static Optional<JsonNode> condition(JsonNode status, String type) {
    for (var condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)
          && condition.path("status").asText().equals("True")) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(JsonNode object, String field) {
    return Optional.of(object.path(field).asText()).filter(text -> !text.isEmpty());
  }

  /// Only gates that the rollout has come to have been asked.
  private Optional<End> approval(ObjectNode canary) {
    if (!failOnApproval || !taken) {
      return Optional.empty();
    }
    for (var gate : canary.at("/status/gates")) {
      if (gate.path("kind").asText().equals("approval")
          && !gate.path("state").asText().equals("Open")
          && text(gate, "askedAt").isPresent()) {
        return end(
            "gate %1$s needs approval: canary approve %2$s --gate %1$s"
                .formatted(gate.path("name").asText(), canary.at("/metadata/name").asText()),
            NEEDS_APPROVAL);
      }
    }
    return Optional.empty();
  }
}
