package dev.serin.controller.measure;

import dev.serin.judge.CounterSample;
import java.time.Instant;
import java.util.List;

/// The counters of one target at one time.
///
/// @param at the time that was asked for
/// @param requests counters of all requests
/// @param errors the same for failed ones
/// @param within cumulative latency buckets, with label `le`
record Snapshot(
    Instant at,
    List<CounterSample> requests,
    List<CounterSample> errors,
    List<CounterSample> within) {

  Snapshot {
    requests = List.copyOf(requests);
    errors = List.copyOf(errors);
    within = List.copyOf(within);
  }

  /// There was nothing.
  static Snapshot empty(Instant at) {
    return new Snapshot(at, List.of(), List.of(), List.of());
  }
}
