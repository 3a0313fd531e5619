package dev.serin.alert;

/// How much an alert matters; each includes the ones after it.
public enum Severity {
  INFO,
  WARN,
  ERROR
}
