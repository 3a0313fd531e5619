package dev.serin.rollout;

import java.util.List;
import java.util.Optional;

/// How requests are divided between stable and canary. Weights cannot fail to add up: stable gets
/// what the canary does not. A split that gives the canary nothing has neither matches nor
/// affinity, so that there is one way only to say that all requests go to stable.
///
/// @param canary percent of requests that the canary answers, 0 to 100; with `matches`, of the
///   matching requests only, and stable answers all others
/// @param mirrored percent of requests copied to the canary, whose answers are thrown away; 0 for
///   none; with `matches`, of the matching requests only
/// @param matches which requests are meant; empty for all
/// @param affinity keeps a user on the version first met; empty for none
public record TrafficSplit(
    int canary, int mirrored, List<RequestMatch> matches, Optional<Affinity> affinity) {

  public TrafficSplit {
    if (canary < 0 || canary > 100) {
      throw new IllegalArgumentException("canary weight " + canary + " is not within 0 to 100");
    }
    if (mirrored < 0 || mirrored > 100 || (mirrored > 0 && canary > 0)) {
      throw new IllegalArgumentException(
          "cannot mirror " + mirrored + " % beside " + canary + " %");
    }
    matches = canary > 0 || mirrored > 0 ? List.copyOf(matches) : List.of();
    affinity = canary > 0 ? affinity : Optional.empty();
  }

  /// All requests go to stable.
  public static TrafficSplit toStable() {
    return toCanary(0);
  }

  /// This share of all requests goes to the canary.
  public static TrafficSplit toCanary(int percent) {
    return new TrafficSplit(percent, 0, List.of(), Optional.empty());
  }

  /// Stable answers everything; this share is copied to the canary.
  public static TrafficSplit mirrored(int percent) {
    return new TrafficSplit(0, percent, List.of(), Optional.empty());
  }

  /// Matching requests go to the canary, all others to stable.
  public static TrafficSplit matching(List<RequestMatch> matches) {
    return new TrafficSplit(100, 0, matches, Optional.empty());
  }

  /// The same split with users kept where they are.
  public TrafficSplit with(Affinity kept) {
    return new TrafficSplit(canary, mirrored, matches, Optional.of(kept));
  }

  /// Whether any user may be answered by the canary.
  public boolean reachesCanary() {
    return canary > 0;
  }

  /// Whether the canary receives requests at all, copies included.
  public boolean loadsCanary() {
    return canary > 0 || mirrored > 0;
  }

  /// Whether any user may be answered by stable.
  public boolean reachesStable() {
    return canary < 100 || !matches.isEmpty();
  }

  /// The share of stable's size that the canary must have to answer its requests, in percent.
  /// Nobody knows how many requests match, so a match counts in full.
  public int capacityPercent() {
    return matches.isEmpty() ? Math.max(canary, mirrored) : 100;
  }

  /// In words, such as `10 %`, `mirrored 100 %` or `matching requests`.
  public String inWords() {
    if (!matches.isEmpty()) {
      return "matching requests";
    }
    return mirrored > 0 ? "mirrored " + mirrored + " %" : canary + " %";
  }
}
