package dev.serin.sandbox.telemetry;

/// A series and its value at one moment.
public record Sample(Labels labels, double value) {}
