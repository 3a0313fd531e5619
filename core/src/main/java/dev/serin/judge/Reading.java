package dev.serin.judge;

import java.time.Instant;
import java.util.List;

/// The counters of both versions, read at one time.
///
/// @param at the time that was asked for
/// @param all counters of all requests
/// @param some counters of the bad requests, or of the good ones, as the [SeriesShape] says
public record Reading(Instant at, List<CounterSample> all, List<CounterSample> some) {

  public Reading {
    all = List.copyOf(all);
    some = List.copyOf(some);
  }
}
