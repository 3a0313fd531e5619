package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.workload.PodHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All requests that were made, counted by where they went and how they ended. Safe for use from
/// many threads.
public final class Ledger {

  /// What requests have in common.
  ///
  /// @param caller workload of the caller; "" outside of the mesh
  /// @param dialled host that was dialled
  /// @param backend chosen by the route; empty when no route led anywhere
  /// @param podUid pod that answered; "" for none
  /// @param code HTTP status
  /// @param mirrored whether these were copies, whose answers nobody saw
  public record Way(
      String caller,
      String dialled,
      Optional<Backend> backend,
      String podUid,
      int code,
      boolean mirrored) {

    public boolean failed() {
      return code >= 500 || (backend.isEmpty() && code >= 400);
    }

    /// Whether it never reached a pod: the fault of routing, not of a version.
    public boolean unrouted() {
      return podUid.isEmpty();
    }
  }

  /// Requests that went the same way.
  ///
  /// @param latencies of those that a pod answered
  public record Entry(Way way, long requests, Latencies latencies) {}

  private static final class Cell {
    long requests;
    final Latencies latencies = new Latencies();
  }

  private final Map<Way, Cell> cells = new LinkedHashMap<>();
  private final Map<String, PodHost.Running> pods = new HashMap<>();
  private final Set<String> ended = new HashSet<>();

  /// Makes a pod known before it is counted.
  public synchronized void know(PodHost.Running pod) {
    pods.put(pod.uid(), pod);
  }

  /// Notes that a pod is gone, and its own metrics with it.
  public synchronized void end(String uid) {
    ended.add(uid);
  }

  /// Whether a pod is gone.
  public synchronized boolean ended(String uid) {
    return ended.contains(uid);
  }

  public synchronized Optional<PodHost.Running> pod(String uid) {
    return Optional.ofNullable(pods.get(uid));
  }

  /// Counts one request.
  ///
  /// @param millis what it took
  public synchronized void count(Way way, double millis) {
    var cell = cell(way);
    cell.requests++;
    cell.latencies.add(millis);
  }

  /// Counts requests.
  public synchronized void count(Way way, long requests, Latencies latencies) {
    if (requests > 0) {
      var cell = cell(way);
      cell.requests += requests;
      cell.latencies.addAll(latencies);
    }
  }

  /// Everything since the start, in the order in which each was first counted.
  public synchronized List<Entry> entries() {
    var all = new ArrayList<Entry>(cells.size());
    cells.forEach((way, cell) -> all.add(new Entry(way, cell.requests, cell.latencies.copy())));
    return all;
  }

  private Cell cell(Way way) {
    return cells.computeIfAbsent(way, _ -> new Cell());
  }
}
