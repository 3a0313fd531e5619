package dev.serin.controller.measure;

import dev.serin.judge.Evidence;
import dev.serin.judge.LatencyEvidence;
import dev.serin.judge.Verdict;
import dev.serin.parse.CheckSpec;
import java.util.List;

/// A comparison and its evidence so far.
sealed interface Judged {

  CheckSpec check();

  Verdict verdict();

  record Failures(CheckSpec check, Evidence evidence) implements Judged {
    @Override
    public Verdict verdict() {
      return evidence.verdict();
    }
  }

  /// @param limits one for each part of the evidence
  record Slowness(CheckSpec check, List<Compared.Limit> limits, LatencyEvidence evidence)
      implements Judged {
    public Slowness {
      limits = List.copyOf(limits);
    }

    @Override
    public Verdict verdict() {
      return evidence.verdict();
    }
  }

  /// @param reason why there is none
  record Nothing(CheckSpec check, String reason) implements Judged {
    @Override
    public Verdict verdict() {
      return Verdict.NO_DATA;
    }
  }
}
