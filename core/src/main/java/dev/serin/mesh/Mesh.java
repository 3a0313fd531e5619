package dev.serin.mesh;

import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.rollout.TrafficSplit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The port to one mesh or gateway. Pure: what was read comes in as values, what is to be written
/// goes out as values. A new mesh is one file, one line in its list, one test that extends the
/// contract, one page.
public interface Mesh {

  /// The name users write as `spec.provider`.
  String name();

  /// What it can do beyond weights, at best; [#unable] knows more of the case at hand.
  Set<Capability> capabilities();

  /// The kinds that it reads or writes, so that they are watched where they are installed.
  List<Kind> kinds();

  /// The objects it has to look at for a Canary.
  List<ObjectRef> reads(RouteRequest request);

  /// What the objects say of the split: whether it is there, and whether the data plane took it.
  ///
  /// @param seen an entry for each of [#reads]
  RouteStatus status(RouteRequest request, Map<ObjectRef, Read> seen);

  /// Why this split cannot be made, each reason with its cure; empty when it can. Ask it for every
  /// step before a rollout starts.
  List<String> unable(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen);

  /// The changes, in order, that make the objects say the split; empty when they already do, and
  /// when they cannot be made to. Everything that others wrote to a borrowed object stays. Drift is
  /// repaired by the same call.
  ///
  /// Each change is right without those after it. Where one of them is refused, the rest must wait.
  List<Change> route(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen);

  /// The changes, in order, that give back what was borrowed and delete what was generated. A
  /// generated route without which no request would reach the Service any more stays as a plain
  /// route to stable that nobody owns. Empty when there is nothing left to do.
  List<Change> letGo(RouteRequest request, Map<ObjectRef, Read> seen);

  /// The built-in queries of this mesh for a kind of traffic.
  BuiltInQueries queries(RouteRequest.Protocol protocol);
}
