package dev.serin.controller.reconcile;

import dev.serin.cluster.Cluster;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is seen of a Canary's route.
///
/// @param mesh that routes
/// @param request what the mesh knows of the Canary
/// @param objects what the mesh wanted to look at
/// @param status what the objects say
/// @param settling how long the data plane may still need to follow what the objects say; empty
///   when it follows, or they are not accepted
record RouteView(
    Mesh mesh,
    RouteRequest request,
    Map<ObjectRef, Read> objects,
    RouteStatus status,
    Optional<Duration> settling) {

  /// Looks at the route.
  ///
  /// @param awaited whether the state waits for the data plane; when it does not, what is found at
  ///   the first look of this process has been there for long
  /// @param steady now, by the steady clock
  static RouteView look(
      Mesh mesh,
      RouteRequest request,
      Cluster cluster,
      Remembered memory,
      boolean awaited,
      Instant steady) {
    var objects = new LinkedHashMap<ObjectRef, Read>();
    for (var ref : mesh.reads(request)) {
      objects.put(ref, cluster.find(ref));
    }
    var status = mesh.status(request, objects);
    var settling = Optional.<Duration>empty();
    if (status instanceof RouteStatus.Accepted accepted) {
      var known = memory.accepted.filter(accepted.split()::equals).isPresent();
      if (!known) {
        memory.accepted = Optional.of(accepted.split());
        memory.acceptedSince =
            memory.routeSeen || awaited ? steady : steady.minus(accepted.settle());
      }
      var settles = memory.acceptedSince.plus(accepted.settle());
      settling = Optional.of(Duration.between(steady, settles)).filter(Duration::isPositive);
    } else {
      memory.accepted = Optional.empty();
    }
    memory.routeSeen = true;
    return new RouteView(mesh, request, objects, status, settling);
  }

  /// Why steps of a plan cannot be routed, each reason with its cure.
  List<String> unable(List<Step> steps) {
    return steps.stream()
        .flatMap(step -> mesh.unable(request, step.split(), objects).stream())
        .distinct()
        .toList();
  }

  /// The route, as a decision has to know it.
  ///
  /// @param unable why the plan cannot be routed
  Seen.Route seen(List<String> unable) {
    return switch (status) {
      case RouteStatus.Unfit(var problems) -> new Seen.Route.Unfit(problems);
      case RouteStatus.Unknown(var reason) -> new Seen.Route.Unconfirmed(reason, true);
      case RouteStatus.Accepted _,
          RouteStatus.Pending _,
          RouteStatus.Drifted _,
          RouteStatus.Absent _
          when !unable.isEmpty() ->
          new Seen.Route.Unfit(unable);
      case RouteStatus.Accepted accepted when settling.isPresent() ->
          new Seen.Route.Unconfirmed(
              "accepted, and the data plane may need "
                  + accepted.settle().toSeconds()
                  + " s to follow",
              true);
      case RouteStatus.Accepted accepted -> new Seen.Route.Confirmed(accepted.split());
      case RouteStatus.Pending(var split, var reason) ->
          new Seen.Route.Unconfirmed(reason, split.loadsCanary());
      case RouteStatus.Drifted(var reason, var mayReachCanary) ->
          new Seen.Route.Unconfirmed(reason, mayReachCanary);
      case RouteStatus.Absent _ -> new Seen.Route.Absent();
    };
  }

  /// The dialect of telemetry that the data plane was found to speak.
  Optional<String> dialect() {
    return status instanceof RouteStatus.Accepted(_, var dialect, _) ? dialect : Optional.empty();
  }
}
