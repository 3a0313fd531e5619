package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serin.rollout.TrafficSplit;
import java.util.List;
import java.util.Optional;

/// Puts the canary beside stable in the rules of a route, and takes it out again.
interface Weaving {

  /// Whether any rule sends requests to stable.
  boolean namesStable(ArrayNode rules);

  /// Whether a canary was woven into any rule. Rules of the user that name the canary alone, such
  /// as for a preview, are not meant.
  boolean isWoven(ArrayNode rules);

  /// Whether any request, or a copy of one, may reach the canary because of what was woven.
  ///
  /// @param woven the split that is said to have been woven; empty when nobody says so, then in
  ///   doubt it does
  boolean reachesCanary(ArrayNode rules, Optional<TrafficSplit> woven);

  /// These rules, with this split wherever they name stable.
  ///
  /// @param plain rules without a canary
  /// @param session marks the users of the canary in cookies
  ArrayNode weave(ArrayNode plain, TrafficSplit split, String session);

  /// The rules as they were before this split was woven into them. Rules that somebody edited since
  /// lose the canary all the same.
  ArrayNode strip(ArrayNode rules, TrafficSplit woven);

  /// Why this split cannot be woven into these rules, each reason with its cure.
  ///
  /// @param plain rules without a canary
  List<String> obstacles(ArrayNode plain, TrafficSplit split);
}
