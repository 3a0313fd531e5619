package dev.serin.controller.outreach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.rollout.Announcement.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final List<Runnable> work = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Ledger ledger =
      new Ledger() {
        @Override
        public void delivered(Parcel parcel) {
          said.add("delivered " + parcel.receiver());
        }

        @Override
        public void failed(Parcel parcel, String reason) {
          said.add("failed " + parcel.receiver() + ": " + reason);
        }

        @Override
        public void dropped(Parcel parcel, String reason) {
          said.add("dropped " + parcel.receiver() + ": " + reason);
        }
      };
  private final Outbox outbox = new Outbox(work::add, ledger, Duration.ZERO);

  private void post(String receiver, String what) {
    post(
        receiver,
        () -> {
          heard.add(what);
          return Optional.empty();
        });
  }

  private void post(String receiver, Parcel.Delivery delivery) {
    outbox.post(parcel(receiver, delivery));
  }

  private static Parcel parcel(String receiver, Parcel.Delivery delivery) {
    return new Parcel(Parcel.Kind.ALERT, receiver, Occasions.of(Kind.RolledBack), delivery);
  }

  @Test
  void postingDeliversNothingByItself() {
    post("slack", "one");
    assertThat(heard).isEmpty();
  }

  @Test
  void oneReceiverHearsOneThingAfterTheOtherInOrder() {
    post("slack", "one");
    post("slack", "two");
    post("slack", "three");

    assertThat(work).hasSize(1);
    work.getFirst().run();
    assertThat(heard).containsExactly("one", "two", "three");
  }

  @Test
  void receiverThatWasToldEverythingIsToldAgain() {
    post("slack", "one");
    work.removeFirst().run();
    post("slack", "two");
    work.removeFirst().run();
    assertThat(heard).containsExactly("one", "two");
  }

  @Test
  void slowReceiverDelaysNobody() {
    post("slow", "never in this test");
    post("quick", "one");

    assertThat(work).hasSize(2);
    work.getLast().run();
    assertThat(heard).containsExactly("one");
  }

  @Test
  void fullQueueLosesItsOldestAndThatIsSaid() {
    for (int i = 0; i < 103; i++) {
      post("slack", "number " + i);
    }
    assertThat(said)
        .containsExactly(
            "dropped slack: 100 others wait for the same receiver",
            "dropped slack: 100 others wait for the same receiver",
            "dropped slack: 100 others wait for the same receiver");
    work.getFirst().run();
    assertThat(heard).hasSize(100).startsWith("number 3").endsWith("number 102");
  }

  @Test
  void whatFailsIsSaidAndTheRestIsDelivered() {
    post("slack", () -> Optional.of("answered 404"));
    post(
        "slack",
        () -> {
          throw new IllegalStateException("token correct-horse");
        });
    post("slack", "one");
    work.getFirst().run();
    assertThat(said)
        .containsExactly(
            "failed slack: answered 404",
            "failed slack: it broke: IllegalStateException",
            "delivered slack");
  }

  @Test
  void whatIsGivenUpWhenTheProcessStopsIsSaid() {
    post("slack", "one");
    post("slack", "two");
    outbox.close();
    assertThat(said)
        .containsExactly(
            "dropped slack: the controller stops", "dropped slack: the controller stops");
    work.getFirst().run();
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsOnItsWayWhenTheProcessStopsMayArrive() {
    var arrives = new CompletableFuture<Optional<String>>();
    try (var ended = new Outbox(Thread::startVirtualThread, ledger, Duration.ofMinutes(1))) {
      ended.post(parcel("slack", arrives::join));
      Thread.startVirtualThread(() -> arrives.complete(Optional.empty()));
    }
    assertThat(said).containsExactly("delivered slack");
  }
}
