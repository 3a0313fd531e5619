package dev.serin.rollout;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// How values are said to people.
final class Words {
  private Words() {}

  /// A duration such as `90 s`, `10 min` or `4 h`.
  static String of(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 7200 && seconds % 3600 == 0) {
      return seconds / 3600 + " h";
    }
    return seconds >= 120 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }

  /// What checks said, each with its name.
  static String reasons(List<Assessment> said) {
    return said.stream()
        .map(assessment -> assessment.check() + ": " + assessment.reason())
        .collect(Collectors.joining("; "));
  }

  /// How a round of checks went, such as `2 of 3 checks passed, the others are undecided`.
  static String round(List<Assessment> said) {
    var passed = said.stream().filter(one -> one.verdict() == Verdict.PASSED).count();
    return passed
        + " of "
        + said.size()
        + " checks passed"
        + (passed < said.size() ? ", the others are undecided" : "");
  }

  /// A step of a plan such as `step 2 of 5 (20 %)`.
  static String step(Plan plan, int index) {
    return "step "
        + (index + 1)
        + " of "
        + plan.steps().size()
        + " ("
        + plan.steps().get(index).split().inWords()
        + ")";
  }
}
