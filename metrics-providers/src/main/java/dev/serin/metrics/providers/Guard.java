package dev.serin.metrics.providers;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Stands before one server, so that a slow or broken one costs nobody else anything: few requests
/// at a time, again only where that can help, and none at all for a while once it keeps failing.
final class Guard {

  /// How patient a guard is.
  ///
  /// @param atOnce requests at a time
  /// @param queue how long one waits for its turn
  /// @param backoff before the second attempt; doubles, with jitter
  /// @param attempts in all
  /// @param window requests that are looked back on; half of them failed opens the circuit
  /// @param rest how long a server is left alone then
  record Patience(
      int atOnce, Duration queue, Duration backoff, int attempts, int window, Duration rest) {
    static Patience within(Duration timeout) {
      return new Patience(8, timeout, Duration.ofMillis(200), 3, 10, Duration.ofSeconds(15));
    }
  }

  private final String server;
  private final Patience patience;
  private final Clock clock;
  private final Bulkhead bulkhead;
  private final CircuitBreaker circuit;
  private final Retry retry;
  private final AtomicReference<String> lastFailure = new AtomicReference<>("");

  /// @param server as it may be shown to people
  Guard(String server, Patience patience, Clock clock) {
    this.server = server;
    this.patience = patience;
    this.clock = clock;
    this.bulkhead =
        Bulkhead.of(
            server,
            BulkheadConfig.custom()
                .maxConcurrentCalls(patience.atOnce())
                .maxWaitDuration(patience.queue())
                .build());
    this.circuit =
        CircuitBreaker.of(
            server,
            CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .slidingWindowSize(patience.window())
                .minimumNumberOfCalls(Math.max(1, patience.window() / 2))
                .failureRateThreshold(50)
                .waitDurationInOpenState(patience.rest())
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    this.retry =
        Retry.of(
            server,
            RetryConfig.<Reply>custom()
                .maxAttempts(patience.attempts())
                .intervalFunction(
                    IntervalFunction.ofExponentialRandomBackoff(patience.backoff(), 2, 0.5))
                .retryOnResult(reply -> reply instanceof Reply.Down(var _, var again) && again)
                .build());
  }

  /// Sends a request when its turn comes. The request itself has a deadline and throws nothing that
  /// a server can do.
  Reply send(Supplier<Reply> request) {
    return Retry.decorateSupplier(retry, () -> once(request)).get();
  }

  private Reply once(Supplier<Reply> request) {
    if (!bulkhead.tryAcquirePermission()) {
      return new Reply.Down(
          "%s has %d requests under way already, and none was answered within %d s"
              .formatted(server, patience.atOnce(), patience.queue().toSeconds()),
          false);
    }
    try {
      return circuit.tryAcquirePermission() ? measured(request) : left();
    } finally {
      bulkhead.onComplete();
    }
  }

  private Reply measured(Supplier<Reply> request) {
    long start = clock.millis();
    Reply reply;
    try {
      reply = request.get();
    } catch (RuntimeException e) {
      // Else the one permit of a circuit that tries again would be lost, and it with it for good.
      circuit.onError(clock.millis() - start, TimeUnit.MILLISECONDS, e);
      throw e;
    }
    long took = clock.millis() - start;
    if (reply instanceof Reply.Down(var reason, var _)) {
      lastFailure.set(reason);
      circuit.onError(took, TimeUnit.MILLISECONDS, new IllegalStateException(reason));
    } else {
      circuit.onSuccess(took, TimeUnit.MILLISECONDS);
    }
    return reply;
  }

  private Reply left() {
    return new Reply.Down(
        "%s kept failing and is left alone for %d s; last: %s"
            .formatted(server, patience.rest().toSeconds(), lastFailure.get()),
        false);
  }
}
