package dev.serin.controller.telemetry;

/// How log lines look.
public enum LogFormat {
  /// For people: time, level, message.
  TEXT,
  /// For collectors: one JSON object per line.
  JSON
}
