package dev.serin.sandbox.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RealSchedulerTest {

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  @Test
  void workRunsInOrderOnOneThread() throws InterruptedException {
    try (var time = new RealScheduler("test", failures::add)) {
      var ran = new CopyOnWriteArrayList<String>();
      var done = new CountDownLatch(1);
      time.after(Duration.ofMillis(20), done::countDown);
      time.soon(() -> ran.add("a " + Thread.currentThread().getName()));
      time.soon(() -> ran.add("b " + Thread.currentThread().getName()));

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ran).containsExactly("a test", "b test");
    }
  }

  @Test
  void whatIsLateRunsInTheOrderInWhichItWasDue() throws InterruptedException {
    try (var time = new RealScheduler("test", failures::add)) {
      var ran = new CopyOnWriteArrayList<String>();
      var done = new CountDownLatch(1);
      time.soon(
          () -> {
            var begun = time.instant();
            time.schedule(begun.minusMillis(10), () -> ran.add("long delay"));
            time.schedule(
                begun.minusMillis(60),
                () -> {
                  ran.add("first");
                  time.after(
                      Duration.ofMillis(20),
                      () -> {
                        ran.add("second");
                        time.after(Duration.ofMillis(20), () -> ran.add("third"));
                      });
                });
            time.after(Duration.ofMillis(20), done::countDown);
          });

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ran).containsExactly("first", "second", "third", "long delay");
    }
  }

  @Test
  void failingWorkIsReportedAndTheRestGoesOn() throws InterruptedException {
    try (var time = new RealScheduler("test", failures::add)) {
      var done = new CountDownLatch(3);
      time.every(
          Duration.ofMillis(1),
          () -> {
            done.countDown();
            throw new IllegalStateException("broken");
          });

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(failures).isNotEmpty().allSatisfy(e -> assertThat(e).hasMessage("broken"));
    }
  }

  @Test
  void afterClosingNothingRuns() {
    var time = new RealScheduler("test", failures::add);
    time.close();

    time.soon(() -> failures.add(new AssertionError("ran")));

    assertThat(failures).isEmpty();
  }
}
