package dev.serin.mesh;

import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the objects of a mesh say of a Canary's route.
public sealed interface RouteStatus {

  /// The objects say this split and the mesh's control plane has taken exactly these objects.
  ///
  /// @param dialect of telemetry that the accepting data plane speaks, such as `contour`; its
  ///   `controllerName` when no dialect is known for it, empty when the mesh knows only one
  /// @param settle how long after this was first seen the data plane may still follow the former
  ///   split; zero where the control plane says what the data plane does
  record Accepted(TrafficSplit split, Optional<String> dialect, Duration settle)
      implements RouteStatus {}

  /// The objects say this split, and it is not known to be taken yet.
  ///
  /// @param split what the objects say
  /// @param reason what is missing, in the mesh's words
  record Pending(TrafficSplit split, String reason) implements RouteStatus {}

  /// The objects are there and say something that is none of our splits (somebody edited them).
  ///
  /// @param mayReachCanary whether requests may reach the canary
  record Drifted(String reason, boolean mayReachCanary) implements RouteStatus {}

  /// No object routes to the canary.
  record Absent() implements RouteStatus {}

  /// It cannot be told; nothing may be concluded from it.
  record Unknown(String reason) implements RouteStatus {}

  /// It cannot be routed: a kind that is not installed, an object that is somebody else's, a
  /// borrowed route that does not exist or does not name the stable Service.
  ///
  /// @param problems all of them, each with its cure
  record Unfit(List<String> problems) implements RouteStatus {
    public Unfit {
      problems = List.copyOf(problems);
    }
  }
}
