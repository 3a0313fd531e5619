package dev.serin.controller.mesh;

import dev.serin.mesh.Capability;
import dev.serin.mesh.Mesh;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One split of each kind, by a name that can be that of a file.
final class Splits {
  static final Affinity COOKIE = new Affinity("shop-canary", Duration.ofHours(1));

  private static final RequestMatch INSIDER =
      match(new Condition(Source.HEADER, "x-canary", Comparison.EXACT, "insider"));

  private Splits() {}

  /// Those that a mesh can do.
  static Map<String, TrafficSplit> of(Mesh mesh) {
    var able = new LinkedHashMap<String, TrafficSplit>();
    all()
        .forEach(
            (name, split) -> {
              if (mesh.capabilities().containsAll(Capability.neededBy(split))) {
                able.put(name, split);
              }
            });
    return able;
  }

  static TrafficSplit named(String name) {
    return Optional.ofNullable(all().get(name)).orElseThrow();
  }

  static Map<String, TrafficSplit> all() {
    var all = new LinkedHashMap<String, TrafficSplit>();
    all.put("stable", TrafficSplit.toStable());
    all.put("canary-1", TrafficSplit.toCanary(1));
    all.put("canary-30", TrafficSplit.toCanary(30));
    all.put("canary-100", TrafficSplit.toCanary(100));
    all.put("mirrored", TrafficSplit.mirrored(100));
    all.put("mirrored-20", TrafficSplit.mirrored(20));
    all.put("sticky-30", TrafficSplit.toCanary(30).with(COOKIE));
    all.put("matching", TrafficSplit.matching(List.of(INSIDER)));
    all.put("matching-sticky", TrafficSplit.matching(List.of(INSIDER)).with(COOKIE));
    all.put("matching-30", new TrafficSplit(30, 0, List.of(INSIDER), Optional.empty()));
    all.put("matching-mirrored", new TrafficSplit(0, 100, List.of(INSIDER), Optional.empty()));
    all.put(
        "matching-headers",
        TrafficSplit.matching(
            List.of(
                match(
                    new Condition(Source.HEADER, "x-team", Comparison.PREFIX, "qa."),
                    new Condition(Source.HEADER, "user-agent", Comparison.REGEX, ".*Firefox.*")),
                INSIDER)));
    all.put(
        "matching-cookie",
        TrafficSplit.matching(
            List.of(match(new Condition(Source.COOKIE, "beta", Comparison.EXACT, "a.b")))));
    all.put(
        "matching-query",
        TrafficSplit.matching(
            List.of(match(new Condition(Source.QUERY_PARAMETER, "v", Comparison.EXACT, "next")))));
    all.put(
        "matching-caller",
        TrafficSplit.matching(
            List.of(match(new Condition(Source.SOURCE_LABEL, "app", Comparison.EXACT, "web")))));
    return all;
  }

  private static RequestMatch match(Condition... conditions) {
    return new RequestMatch(List.of(conditions));
  }
}
