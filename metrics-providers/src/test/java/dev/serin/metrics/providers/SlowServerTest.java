package dev.serin.metrics.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// A server that is slow or broken costs those who ask another one nothing.
class SlowServerTest {
  private static final String ONE =
      """
      {"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}\
      """;

  /// Far longer than the test may take: whoever waited for the slow server would be found out.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final MetricsProviders providers = new MetricsProviders(Clock.systemUTC());

  private MetricsProvider of(FakeServer server) {
    var settings =
        new ProviderSettings("prometheus", server.address(), Map.of(), Map.of(), false, PATIENCE);
    return ((Built.Ready) providers.of(settings)).provider();
  }

  @Test
  void aHundredQueriesThatHangDelayNobodyElse()
      throws InterruptedException, ExecutionException, TimeoutException {
    var arrived = new CountDownLatch(8);
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    try (var hanging = new FakeServer();
        var fast = new FakeServer().answering(200, ONE)) {
      hanging.answering(
          _ -> {
            arrived.countDown();
            return new FakeServer.Answer(-1, "");
          });
      var slow = of(hanging);
      for (var i = 0; i < 100; i++) {
        executor.execute(() -> slow.query("up"));
      }
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

      var quick = of(fast);
      for (var i = 0; i < 20; i++) {
        var answer = CompletableFuture.supplyAsync(() -> quick.query("up"), executor);
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(new Measurement.Value(1));
      }
      assertThat(hanging.asked()).hasSize(8);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aServerThatIsLeftAloneLeavesOthersTheirTurn() {
    try (var broken = new FakeServer().answering(500, "");
        var fast = new FakeServer().answering(200, ONE)) {
      var down = of(broken);
      for (var i = 0; i < 6; i++) {
        assertThat(down.query("up")).isInstanceOf(Measurement.Unavailable.class);
      }
      var tries = broken.asked().size();
      assertThat(((Measurement.Unavailable) down.query("up")).reason()).contains("left alone");

      assertThat(broken.asked()).hasSize(tries);
      assertThat(of(fast).query("up")).isEqualTo(new Measurement.Value(1));
    }
  }
}
