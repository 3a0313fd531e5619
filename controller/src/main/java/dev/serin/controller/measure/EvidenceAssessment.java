package dev.serin.controller.measure;

import dev.serin.judge.Assessment;
import dev.serin.judge.ComparisonAssessment;
import dev.serin.judge.Evidence;
import dev.serin.judge.LatencyEvidence;
import dev.serin.judge.Subject;
import dev.serin.judge.Verdict;
import dev.serin.parse.CheckSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// What a comparison says to people and to its rollout.
final class EvidenceAssessment {

  private EvidenceAssessment() {}

  /// @param query what is asked at each tick, of this Canary alone
  static Assessment of(Judged judged, String query, Terms terms, Assignment assignment) {
    var check = judged.check();
    var said =
        switch (judged) {
          case Judged.Nothing(_, var reason) ->
              Assessment.of(check.name(), Verdict.NO_DATA, reason).inDryRun(check.dryRun());
          case Judged.Failures(_, var evidence) ->
              ComparisonAssessment.of(
                  check.name(), new Subject.Failures(), evidence, query, check.dryRun());
          case Judged.Slowness(_, var limits, var evidence) ->
              slowness(check, limits, evidence, query);
        };
    return unproven(
        onNoData(ServerClock.corrected(blurred(said, terms), terms.ahead()), check), assignment);
  }

  /// There is nothing to compare, and why.
  static Assessment nothing(CheckSpec check, String reason, Assignment assignment) {
    var said = Assessment.of(check.name(), Verdict.NO_DATA, reason);
    return unproven(onNoData(said.inDryRun(check.dryRun()), check), assignment);
  }

  /// Nothing can be said, and why.
  static Assessment unable(CheckSpec check, Verdict verdict, String reason) {
    return Assessment.of(check.name(), verdict, reason).inDryRun(check.dryRun());
  }

  /// Several limits are one check: each is told, all have to hold.
  private static Assessment slowness(
      CheckSpec check, List<Compared.Limit> limits, LatencyEvidence evidence, String query) {
    var parts = new ArrayList<Assessment>();
    for (int i = 0; i < limits.size(); i++) {
      parts.add(part(check, limits.get(i), evidence.parts().get(i), query));
    }
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    return new Assessment(
        check.name(),
        evidence.verdict(),
        (evidence.verdict() == Verdict.CONDEMNED ? "slower than allowed beyond doubt; " : "")
            + joined(parts.stream().map(Assessment::reason).toList()),
        OptionalDouble.empty(),
        joined(parts.stream().map(Assessment::limit).toList()),
        query,
        joined(parts.stream().map(Assessment::evidence).filter(text -> !text.isEmpty()).toList()),
        evidence.promising(),
        check.dryRun());
  }

  private static Assessment part(
      CheckSpec check, Compared.Limit limit, Evidence evidence, String query) {
    return ComparisonAssessment.of(
        check.name(), new Subject.SlowerThan(limit.millis()), evidence, query, check.dryRun());
  }

  private static String joined(List<String> texts) {
    return texts.stream().distinct().collect(Collectors.joining("; "));
  }

  /// Says so where pods cannot be told apart.
  private static Assessment blurred(Assessment said, Terms terms) {
    return said.evidence().isEmpty() || !terms.podLabel().isEmpty()
        ? said
        : said.resting(said.evidence() + ", as this data plane does not tell pods apart");
  }

  private static Assessment onNoData(Assessment said, CheckSpec check) {
    if (said.verdict() != Verdict.NO_DATA) {
      return said;
    }
    return switch (check.onNoData()) {
      case INCONCLUSIVE -> said;
      case FAIL -> with(said, Verdict.FAILED, said.reason() + "; onNoData says fail", false);
      case PASS -> with(said, Verdict.PASSED, said.reason() + "; onNoData says pass", true);
    };
  }

  /// Stable that runs with the new configuration proves nothing about the old: comparing with it
  /// may condemn, but never pass a revision by itself.
  private static Assessment unproven(Assessment said, Assignment assignment) {
    if (assignment.isolated()
        || assignment.declared().checks().stream().anyMatch(EvidenceAssessment::proves)) {
      return said;
    }
    return switch (said.verdict()) {
      case PASSED, UNDECIDED ->
          with(
              said,
              Verdict.UNDECIDED,
              said.reason()
                  + "; proves nothing, as stable pods see the new configuration too: add a"
                  + " thresholdRange, or put the configuration under a name of its own",
              false);
      case FAILED, CONDEMNED, HOLD, NO_DATA, TOO_FEW, UNAVAILABLE -> said;
    };
  }

  /// Whether a check says something without stable.
  private static boolean proves(CheckSpec check) {
    return !check.dryRun() && check.judgement() instanceof CheckSpec.Judgement.Threshold;
  }

  private static Assessment with(
      Assessment said, Verdict verdict, String reason, boolean promising) {
    return new Assessment(
        said.check(),
        verdict,
        reason,
        said.value(),
        said.limit(),
        said.query(),
        said.evidence(),
        promising,
        said.dryRun());
  }
}
