package dev.serin.webhooks;

import java.time.Duration;

/// Lets time pass between two attempts: `Thread::sleep`, but for tests.
@FunctionalInterface
public interface Waiting {
  void pass(Duration time) throws InterruptedException;
}
