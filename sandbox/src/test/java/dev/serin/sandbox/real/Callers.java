package dev.serin.sandbox.real;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// An open load through the gateway: so many requests a second, whether the answers come or not.
final class Callers implements AutoCloseable {
  private static final int AT_ONCE = 64;
  private static final int TRIES = 20;

  /// Less than the minute after which the gateway closes connections that nobody uses.
  private static final Duration KEPT_OPEN = Duration.ofSeconds(30);

  /// It never asks a second time by itself, so that every connection that breaks is counted.
  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .callTimeout(Duration.ofSeconds(20))
          .retryOnConnectionFailure(false)
          .connectionPool(new ConnectionPool(AT_ONCE, KEPT_OPEN.toSeconds(), TimeUnit.SECONDS))
          .build();

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Request request;

  /// Requests that were answered, by whomever.
  final AtomicLong answered = new AtomicLong();

  /// Errors that a pod answered.
  final AtomicLong failedByVersion = new AtomicLong();

  /// How each request failed that no pod answered: when, and what came instead.
  final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

  private final Map<String, Instant> first = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Callers(String gateway, String host) {
    client.dispatcher().setMaxRequests(AT_ONCE);
    client.dispatcher().setMaxRequestsPerHost(AT_ONCE);
    request = new Request.Builder().url(gateway + "/").header("Host", host).build();
  }

  /// Whether one request after the other gets to a pod, each by a connection of its own: they are
  /// spread over threads of the gateway that follow one by one. None of them counts.
  boolean reachPods() {
    var alone = request.newBuilder().header("Connection", "close").build();
    for (int tried = 0; tried < TRIES; tried++) {
      try (var response = client.newCall(alone).execute()) {
        if (!isOfPod(response)) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  Callers begin(int perSecond) {
    var _ = clock.scheduleAtFixedRate(this::call, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    return this;
  }

  private void call() {
    client
        .newCall(request)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException problem) {
                if (!closed) {
                  failed(problem.toString());
                }
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                count(response);
              }
            });
  }

  private void count(Response response) throws IOException {
    try (response) {
      answered.incrementAndGet();
      if (!isOfPod(response)) {
        failed(response.code() + " " + response.body().string());
        return;
      }
      first.putIfAbsent(response.body().string(), Instant.now());
      if (response.code() >= 500) {
        failedByVersion.incrementAndGet();
      }
    }
  }

  private static boolean isOfPod(Response response) {
    return response.header(PodRunner.SERVED_BY) != null;
  }

  private void failed(String how) {
    unanswered.add(Instant.now() + " " + how);
  }

  /// When the first answer came from a pod with this image; empty while there is none.
  Optional<Instant> firstAnswer(String image) {
    return Optional.ofNullable(first.get(image));
  }

  @Override
  public void close() {
    closed = true;
    clock.shutdownNow();
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
  }
}
