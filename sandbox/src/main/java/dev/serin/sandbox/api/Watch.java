package dev.serin.sandbox.api;

/// A running in-process watch. Closing it ends it; no event is delivered afterwards.
public interface Watch extends AutoCloseable {

  @Override
  void close();
}
