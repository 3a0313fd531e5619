package dev.serin.judge;

import java.util.ArrayList;
import java.util.List;

/// What several bounds of one latency histogram say together: condemned by the average of their
/// evidence, which is valid however they depend on each other, passed when every one passed.
public final class LatencyEvidence {

  private final List<Evidence> parts;
  private final boolean condemned;

  private LatencyEvidence(List<Evidence> parts, boolean condemned) {
    this.parts = parts;
    this.condemned = condemned;
  }

  /// Nothing seen yet.
  ///
  /// @param comparisons one for each bound, alike but for their tolerance
  /// @param baselines what was known of stable for each
  public static LatencyEvidence none(List<Comparison> comparisons, List<Baseline> baselines) {
    if (comparisons.isEmpty() || comparisons.size() != baselines.size()) {
      throw new IllegalArgumentException(
          "%d comparisons and %d baselines; expected as many, and at least one"
              .formatted(comparisons.size(), baselines.size()));
    }
    var parts = new ArrayList<Evidence>();
    for (var i = 0; i < comparisons.size(); i++) {
      parts.add(Evidence.none(comparisons.get(i), baselines.get(i)));
    }
    return new LatencyEvidence(List.copyOf(parts), false);
  }

  /// This evidence and one more tick.
  ///
  /// @param ticks the same time as seen by each bound, in the order of the comparisons
  public LatencyEvidence add(List<Tick> ticks) {
    var after = new ArrayList<Evidence>();
    for (var i = 0; i < parts.size(); i++) {
      after.add(parts.get(i).add(ticks.get(i)));
    }
    return new LatencyEvidence(List.copyOf(after), condemned || condemns(after));
  }

  private static boolean condemns(List<Evidence> parts) {
    var logs = parts.stream().mapToDouble(Evidence::logAgainst).toArray();
    return EProcess.logMean(logs) >= -Math.log(parts.getFirst().comparison().alpha())
        && parts.stream().anyMatch(Evidence::lasts);
  }

  public Verdict verdict() {
    if (condemned) {
      return Verdict.CONDEMNED;
    }
    var verdicts = parts.stream().map(LatencyEvidence::uncondemned).toList();
    if (verdicts.stream().allMatch(verdict -> verdict == Verdict.PASSED)) {
      return Verdict.PASSED;
    }
    if (verdicts.contains(Verdict.NO_DATA)) {
      return Verdict.NO_DATA;
    }
    return verdicts.contains(Verdict.HOLD) ? Verdict.HOLD : Verdict.UNDECIDED;
  }

  /// What one bound says, which alone condemns nobody.
  private static Verdict uncondemned(Evidence part) {
    var verdict = part.verdict();
    return verdict == Verdict.CONDEMNED ? Verdict.HOLD : verdict;
  }

  /// The evidence of each bound.
  public List<Evidence> parts() {
    return parts;
  }

  /// Log of the average evidence against the canary.
  public double logAgainst() {
    return EProcess.logMean(parts.stream().mapToDouble(Evidence::logAgainst).toArray());
  }

  /// Whether every bound's point estimate lies within its limit.
  public boolean promising() {
    return parts.stream().allMatch(Evidence::promising);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyEvidence that
        && condemned == that.condemned
        && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }
}
