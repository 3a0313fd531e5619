package dev.serin.parse;

import dev.serin.rollout.Plan;
import dev.serin.rollout.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What is allowed in a Canary and hardly ever meant. It is said in the status as soon as the
/// Canary is seen, not when a rollout stands still for it.
public final class Advice {

  private Advice() {}

  /// All advice about a valid Canary, each with its cure.
  public static List<String> of(CanaryDeclaration declared) {
    var advice = new ArrayList<String>();
    var plan = declared.plan();
    if (plan.steps().stream().noneMatch(step -> step.split().loadsCanary())) {
      advice.add(
          "spec.analysis sends no request to the canary in any step: promotion moves everybody at"
              + " once; add a setWeight");
    }
    blind(declared).forEach(advice::add);
    return advice;
  }

  /// Steps that wait for metrics of requests that nobody sends.
  private static List<String> blind(CanaryDeclaration declared) {
    var plan = declared.plan();
    var checks =
        declared.checks().stream().filter(Advice::needsRequests).map(CheckSpec::name).toList();
    if (checks.isEmpty() || !declared.hooks(HookSpec.Type.ROLLOUT).isEmpty()) {
      return List.of();
    }
    return IntStream.range(0, plan.steps().size())
        .filter(index -> isBlind(plan.steps().get(index)))
        .mapToObj(index -> blind(index, plan, String.join(", ", checks)))
        .toList();
  }

  private static boolean isBlind(Step step) {
    return step.rounds() > 0 && !step.split().loadsCanary();
  }

  private static boolean needsRequests(CheckSpec check) {
    return check.source() instanceof CheckSpec.Source.BuiltIn
        && check.onNoData() == CheckSpec.OnNoData.INCONCLUSIVE
        && !check.dryRun();
  }

  private static String blind(int index, Plan plan, String checks) {
    return "step %d of %d judges %s before any user's request reaches the canary, and without requests it waits until spec.analysis.maxDuration (%s) is over; send some to the canary's Service from a webhook of type rollout, or set mirror: true"
        .formatted(index + 1, plan.steps().size(), checks, Durations.inWords(plan.maxDuration()));
  }
}
