package dev.serin.judge;

import java.util.Collection;

/// How much pods of one version differ from each other for good (a bad node, a hot shard): the
/// coefficient of variation of their shares of bad requests, chance removed.
public final class PodSpread {

  private PodSpread() {}

  /// @param pods what each stable pod did before the rollout
  /// @return 0 when they do not differ more than by chance, or too little is known
  public static double of(Collection<Arm> pods) {
    var asked = pods.stream().filter(pod -> pod.requests() > 0).toList();
    var all = asked.stream().reduce(Arm.NONE, Arm::plus);
    if (asked.size() < 2 || all.bad() == 0) {
      return 0;
    }
    var mean = asked.stream().mapToDouble(Arm::share).average().orElse(0);
    var variance =
        asked.stream().mapToDouble(pod -> square(pod.share() - mean)).sum() / (asked.size() - 1);
    var chance = all.share() * asked.size() / all.requests();
    return Math.sqrt(Math.max(0, variance - chance)) / all.share();
  }

  private static double square(double x) {
    return x * x;
  }
}
