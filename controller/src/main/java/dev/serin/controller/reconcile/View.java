package dev.serin.controller.reconcile;

import dev.serin.controller.measure.Measurements;
import dev.serin.controller.workload.Workload;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Everything that was seen of the world from one state.
///
/// @param state that it was looked at from
/// @param now what the time is for a decision from that state
/// @param declared what the Canary declares; during a rollout as it was at the start
/// @param sight of the target and the copy
/// @param settling how long pods still take to count; empty when none do
/// @param route what the data plane does
/// @param known what was measured
/// @param seen all of it, as a decision has to know it
/// @param wanted the world that the state wants
/// @param queued its place in the line, while only the number of rollouts keeps it from starting
record View(
    RolloutState state,
    Instant now,
    CanaryDeclaration declared,
    Workload.Sight sight,
    Optional<Duration> settling,
    RouteView route,
    Measurements.Known known,
    Seen seen,
    Wanted wanted,
    Optional<Slots.Turn.Later> queued) {}
