package dev.serin.mesh;

import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.TrafficSplit;
import java.util.EnumSet;
import java.util.Set;

/// What a mesh can do beyond splitting by weight.
public enum Capability {
  /// Copy requests to the canary and throw the answers away.
  MIRROR("mirroring"),
  /// Copy only a share of the requests.
  MIRROR_PERCENT("mirroring of a share"),
  MATCH_HEADER("matching by header"),
  MATCH_COOKIE("matching by cookie"),
  MATCH_QUERY("matching by query parameter"),
  MATCH_SOURCE_LABEL("matching by labels of the caller"),
  MATCH_REGEX("matching by regular expression"),
  /// Keep a user on the version first met, by cookie.
  AFFINITY("session affinity");

  private final String words;

  Capability(String words) {
    this.words = words;
  }

  /// Its name for people, such as `session affinity`.
  public String inWords() {
    return words;
  }

  /// What a mesh must be able to do for a split.
  public static Set<Capability> neededBy(TrafficSplit split) {
    var needed = EnumSet.noneOf(Capability.class);
    if (split.mirrored() > 0) {
      needed.add(MIRROR);
      if (split.mirrored() < 100) {
        needed.add(MIRROR_PERCENT);
      }
    }
    split.affinity().ifPresent(_ -> needed.add(AFFINITY));
    for (var match : split.matches()) {
      for (var condition : match.conditions()) {
        needed.add(
            switch (condition.source()) {
              case HEADER -> MATCH_HEADER;
              case COOKIE -> MATCH_COOKIE;
              case QUERY_PARAMETER -> MATCH_QUERY;
              case SOURCE_LABEL -> MATCH_SOURCE_LABEL;
            });
        if (condition.comparison() == Comparison.REGEX) {
          needed.add(MATCH_REGEX);
        }
      }
    }
    return needed;
  }
}
