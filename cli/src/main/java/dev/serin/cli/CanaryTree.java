package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// One Canary as a tree: where it stands, what it waits for, its pods, checks, gates and decisions.
final class CanaryTree {
  private static final int DECISIONS = 8;
  private static final int PODS = 12;

  private final ObjectNode canary;
  private final JsonNode status;
  private final Instant now;
  private final Paint paint;

  private CanaryTree(ObjectNode canary, Instant now, Paint paint) {
    this.canary = canary;
    this.status = canary.path("status");
    this.now = now;
    this.paint = paint;
  }

  /// @param workloads the target and its canary, as far as they exist
  static String of(ObjectNode canary, List<WorkloadPods> workloads, Instant now, Paint paint) {
    return new CanaryTree(canary, now, paint).draw(workloads).toString();
  }

  private Tree draw(List<WorkloadPods> workloads) {
    var tree =
        new Tree(
            "%s/%s  %s%s"
                .formatted(
                    canary.at("/metadata/namespace").asText(),
                    paint.strong(canary.at("/metadata/name").asText()),
                    phase(),
                    status.path("step").asInt() == 0
                        ? ""
                        : "  step %s of %s".formatted(text("step"), text("steps"))));
    place(tree);
    problems(tree);
    workloads.forEach(each -> workload(tree, each));
    checks(tree);
    gates(tree);
    decisions(tree);
    return tree;
  }

  private String text(String field) {
    return CanaryTable.orDash(status.path(field));
  }

  private String phase() {
    var phase = text("phase");
    return switch (phase) {
      case "Initialized", "Succeeded" -> paint.good(phase);
      case "Failed", "PromotionFailed", "Reverting", "Bypassed" -> paint.bad(phase);
      default -> paint.caution(phase);
    };
  }

  private void place(Tree tree) {
    var weight = status.path("canaryWeight").asInt(0);
    tree.add("traffic    %d %% stable, %d %% canary".formatted(100 - weight, weight));
    var revision = text("revision");
    var stable = text("stableRevision");
    tree.add(
        "revision   "
            + (revision.equals(stable) ? stable + " (stable)" : revision + ", stable " + stable));
    if (status.hasNonNull("startedAt")) {
      tree.add("started    %s ago".formatted(age(status.path("startedAt"))));
    }
    if (status.hasNonNull("hold")) {
      tree.add("hold       " + text("hold"));
    }
    if (status.hasNonNull("waitingFor")) {
      tree.add("waits for  " + paint.strong(text("waitingFor")));
    }
  }

  private String age(JsonNode time) {
    return CanaryTable.age(time.asText(), now);
  }

  /// Conditions of which somebody should know, and warnings.
  private void problems(Tree tree) {
    for (var condition : status.path("conditions")) {
      var holds = condition.path("status").asText().equals("True");
      var bad =
          switch (condition.path("type").asText()) {
            case "Stalled", "Contested", "PlanChanged", "Underpowered", "Bursty", "Warnings" ->
                holds;
            case "ConfigIsolated" -> !holds;
            default -> false;
          };
      if (bad) {
        var line =
            tree.add(
                paint.bad(
                    "%s (%s)"
                        .formatted(
                            condition.path("type").asText() + (holds ? "" : "=False"),
                            condition.path("reason").asText())));
        condition.path("message").asText().lines().forEach(line::add);
      }
    }
    status
        .path("warnings")
        .forEach(each -> tree.add(paint.caution("warning") + "    " + each.asText()));
  }

  private void workload(Tree tree, WorkloadPods workload) {
    var object = workload.object();
    var wanted = object.at("/spec/replicas").asInt(1);
    var line =
        tree.add(
            "%s %s (%s)%s%s"
                .formatted(
                    object.path("kind").asText(),
                    object.at("/metadata/name").asText(),
                    workload.role(),
                    object.has("status")
                        ? "  %d of %d ready"
                            .formatted(object.at("/status/readyReplicas").asInt(0), wanted)
                        : "",
                    object.at("/spec/paused").asBoolean() ? ", held" : ""));
    if (!workload.unreadable().isEmpty()) {
      line.add("pods not shown: " + workload.unreadable());
    }
    var pods =
        workload.pods().stream()
            .map(pod -> PodLine.of(pod, now))
            .sorted(Comparator.comparing(PodLine::ready).thenComparing(PodLine::name))
            .toList();
    pods.stream().limit(PODS).forEach(pod -> line.add(pod.text(paint)));
    if (pods.size() > PODS) {
      line.add(
          "and %d more, %d of them ready"
              .formatted(
                  pods.size() - PODS, pods.stream().skip(PODS).filter(PodLine::ready).count()));
    }
  }

  private void checks(Tree tree) {
    if (status.path("checks").isEmpty()) {
      return;
    }
    var failed = status.path("failedChecks").asInt(0);
    var threshold = canary.at("/spec/analysis/threshold").asInt(0);
    var list =
        tree.add(
            "checks     %d%s failed".formatted(failed, threshold > 0 ? " of " + threshold : ""));
    for (var check : status.path("checks")) {
      check(list, check);
    }
  }

  private void check(Tree list, JsonNode check) {
    var line = list.add(brief(check) + "  " + paint.faint(age(check.path("time")) + " ago"));
    check.path("reason").asText().lines().forEach(line::add);
    if (check.hasNonNull("evidence")) {
      line.add("evidence " + check.path("evidence").asText());
    }
  }

  private String brief(JsonNode check) {
    var limit = check.path("limit").asText();
    return "%s %s%s%s  %s%s"
        .formatted(
            mark(check.path("verdict").asText()),
            check.path("name").asText(),
            check.hasNonNull("value") ? "  " + number(check.path("value")) : "",
            limit.isEmpty() ? "" : " (" + limit + ")",
            words(check.path("verdict").asText()),
            check.path("dryRun").asBoolean() ? ", dry run" : "");
  }

  /// At most four digits behind the point.
  private static String number(JsonNode value) {
    if (!value.isNumber()) {
      return value.asText();
    }
    var text = String.format(Locale.ROOT, "%.4f", value.asDouble());
    return text.replaceAll("\\.?0+$", "");
  }

  private String mark(String verdict) {
    return switch (verdict) {
      case "PASSED" -> paint.good("✔");
      case "FAILED", "CONDEMNED" -> paint.bad("✖");
      default -> paint.caution("?");
    };
  }

  /// A constant's name as people read it.
  private static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void gates(Tree tree) {
    if (status.path("gates").isEmpty()) {
      return;
    }
    var list = tree.add("gates");
    for (var gate : status.path("gates")) {
      var open = gate.path("state").asText().equals("Open");
      var asked = gate.hasNonNull("askedAt");
      var reason = gate.path("reason").asText();
      list.add(
          "%s %s (%s, before %s)  %s%s%s%s"
              .formatted(
                  open ? paint.good("✔") : asked ? paint.caution("◷") : "·",
                  gate.path("name").asText(),
                  gate.path("kind").asText(),
                  words(gate.path("before").asText()).replace('-', ' '),
                  words(gate.path("state").asText()),
                  reason.isEmpty() ? "" : ": " + reason,
                  approvals(gate),
                  open || !asked ? "" : ", asked " + age(gate.path("askedAt")) + " ago"));
    }
  }

  private static String approvals(JsonNode gate) {
    if (!gate.path("kind").asText().equals("approval")) {
      return "";
    }
    var by = new ArrayList<String>();
    gate.path("approvedBy").forEach(each -> by.add(each.asText()));
    return ", %d of %d approved%s"
        .formatted(
            by.size(),
            gate.path("required").asInt(1),
            by.isEmpty() ? "" : " by " + String.join(", ", by));
  }

  private void decisions(Tree tree) {
    var list = tree.add("last decisions, newest first");
    int shown = 0;
    for (var decision : status.path("decisions")) {
      if (shown++ == DECISIONS) {
        break;
      }
      var line =
          list.add(
              "%4s ago  %s: %s"
                  .formatted(
                      age(decision.path("time")),
                      paint.strong(decision.path("kind").asText()),
                      decision.path("text").asText()));
      decision.path("checks").forEach(check -> line.add(brief(check)));
    }
    if (shown == 0) {
      list.add("none yet");
    }
  }
}
