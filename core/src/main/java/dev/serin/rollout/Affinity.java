package dev.serin.rollout;

import java.time.Duration;

/// Session affinity by cookie: who saw the canary stays with it until the rollout ends.
///
/// @param cookie name of the cookie
/// @param maxAge how long a browser keeps it
public record Affinity(String cookie, Duration maxAge) {}
