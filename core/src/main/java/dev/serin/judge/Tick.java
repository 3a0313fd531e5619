package dev.serin.judge;

/// What both versions did between two looks. Ticks of one rollout follow each other without
/// overlap.
///
/// @param step index of the rollout's step that it belongs to, from 0; a higher one than before
///   starts the evidence anew beside the old, so that credit earned at a low weight does not hide
///   what happens at a higher one
/// @param canary what the canary did
/// @param stable what stable did in the same time
public record Tick(int step, Arm canary, Arm stable) {}
