package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import dev.serin.controller.reconcile.Slots.Turn;
import dev.serin.controller.workload.HoldMode;
import dev.serin.parse.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Instant FIRST = Instant.parse("2026-11-21T10:00:00.25Z");
  private static final Instant SECOND = FIRST.plusSeconds(1);
  private static final Instant THIRD = FIRST.plusSeconds(2);

  private final FakeCluster cluster = new FakeCluster(() -> Instant.EPOCH);
  private final List<String> woken = new ArrayList<>();

  private Slots slots(int perNamespace, int total) {
    return new Slots(
        new ReconcilerSettings(
            Settings.of("fake", List.of(new FakeMesh())),
            () -> HoldMode.ADMISSION_POLICY,
            ReconcilerSettings.Trust.Given::new,
            perNamespace,
            total),
        (namespace, name) -> woken.add(namespace + "/" + name));
  }

  private Turn claim(Slots slots, String namespace, String name, Instant since) {
    return slots.claim(namespace, name, since, cluster);
  }

  private static String limit(Turn turn) {
    return turn instanceof Turn.Later later ? later.limit() : "none";
  }

  private void stored(String namespace, String name, String status) {
    var canary = World.yaml("{metadata: {name: %s}, status: %s}".formatted(name, status));
    canary.withObject("/metadata").put("namespace", namespace);
    cluster.put(Kind.CANARY.named(namespace, name), canary);
  }

  private void running(String namespace, String name) {
    stored(namespace, name, "{phase: Progressing}");
  }

  private void inLine(String namespace, String name, Instant since) {
    stored(
        namespace,
        name,
        "{phase: Waiting, queue: {place: 1}, state: {is: Waiting, since: \"%s\"}}"
            .formatted(since));
  }

  @Test
  void withoutALimitEverythingMayStart() {
    running("shop", "a");

    assertThat(claim(slots(0, 0), "shop", "b", FIRST)).isEqualTo(new Turn.Now());
  }

  @Test
  void fullNamespaceKeepsItsOwnWaiting() {
    var slots = slots(1, 0);
    running("shop", "a");

    assertThat(claim(slots, "shop", "b", FIRST))
        .isEqualTo(new Turn.Later(FIRST, 1, 1, "1 may run at once in namespace shop"));
    assertThat(claim(slots, "bank", "b", SECOND)).isEqualTo(new Turn.Now());
  }

  @Test
  void fullClusterKeepsEverybodyWaiting() {
    var slots = slots(0, 2);
    running("shop", "a");
    running("bank", "a");

    assertThat(limit(claim(slots, "blog", "a", FIRST)))
        .isEqualTo("2 may run at once in the cluster");
  }

  @Test
  void whoWaitsIsToldItsPlaceInWords() {
    var slots = slots(0, 1);
    running("shop", "a");
    claim(slots, "shop", "b", FIRST);

    assertThat(claim(slots, "bank", "c", SECOND))
        .isInstanceOfSatisfying(
            Turn.Later.class,
            later ->
                assertThat(later.words())
                    .isEqualTo(
                        "another rollout to end: 1 may run at once in the cluster; place 2 of 2 in"
                            + " line"));
  }

  @Test
  void rolloutThatWasPausedBeforeItStartedTakesNoSlot() {
    var slots = slots(1, 0);
    stored("shop", "a", "{phase: Paused, state: {is: Paused, stopped: {is: Waiting}}}");
    assertThat(claim(slots, "shop", "b", FIRST)).isEqualTo(new Turn.Now());
    slots.giveBack("shop", "b");

    stored("shop", "a", "{phase: Paused, state: {is: Paused, stopped: {is: Progressing}}}");

    assertThat(claim(slots, "shop", "b", FIRST)).isInstanceOf(Turn.Later.class);
  }

  @Test
  void lastSlotIsGivenOnce() {
    var slots = slots(0, 1);

    assertThat(claim(slots, "shop", "a", SECOND)).isEqualTo(new Turn.Now());
    assertThat(claim(slots, "shop", "b", FIRST)).isInstanceOf(Turn.Later.class);
    assertThat(claim(slots, "shop", "a", SECOND)).isEqualTo(new Turn.Now());
  }

  @Test
  void whoCameFirstIsFirstWhoeverIsLookedAtFirst() {
    var slots = slots(0, 1);
    running("shop", "a");
    claim(slots, "shop", "late", SECOND);
    claim(slots, "shop", "early", FIRST);

    stored("shop", "a", "{phase: Succeeded}");

    assertThat(claim(slots, "shop", "late", SECOND))
        .isEqualTo(new Turn.Later(SECOND, 2, 2, "1 may run at once in the cluster"));
    assertThat(claim(slots, "shop", "early", FIRST)).isEqualTo(new Turn.Now());
  }

  @Test
  void lineIsKeptOverARestart() {
    inLine("shop", "early", FIRST);
    inLine("shop", "late", SECOND);
    var slots = slots(0, 1);

    assertThat(limit(claim(slots, "shop", "new", THIRD))).isNotEqualTo("none");
    assertThat(limit(claim(slots, "shop", "late", SECOND))).isNotEqualTo("none");
    assertThat(claim(slots, "shop", "early", FIRST)).isEqualTo(new Turn.Now());
  }

  @Test
  void whoIsKeptByItsNamespaceLetsOthersPass() {
    var slots = slots(1, 2);
    running("shop", "a");
    claim(slots, "shop", "b", FIRST);

    assertThat(claim(slots, "bank", "a", SECOND)).isEqualTo(new Turn.Now());
  }

  @Test
  void whoIsAheadKeepsTheLastSlotOfTheClusterFromThoseBehind() {
    var slots = slots(1, 2);
    running("shop", "a");
    inLine("blog", "a", FIRST);

    assertThat(limit(claim(slots, "bank", "a", SECOND)))
        .isEqualTo("2 may run at once in the cluster");
  }

  @Test
  void canaryThatIsStalledOrDeletedLetsOthersPass() {
    var slots = slots(0, 1);
    stored(
        "shop",
        "stalled",
        "{phase: Waiting, queue: {place: 1}, conditions: [{type: Stalled, status: \"True\"}],"
            + " state: {is: Waiting, since: \"%s\"}}".formatted(FIRST));
    inLine("shop", "leaving", FIRST);
    cluster.change(
        Kind.CANARY.named("shop", "leaving"),
        canary -> {
          canary.withObject("/metadata").put("deletionTimestamp", "2026-11-21T10:00:00Z");
          return canary;
        });

    assertThat(claim(slots, "shop", "b", SECOND)).isEqualTo(new Turn.Now());
  }

  @Test
  void whoCouldNotBeLookedAtLetsOthersPassUntilItIs() {
    var slots = slots(0, 1);
    inLine("shop", "broken", FIRST);

    slots.passOver("shop", "broken");
    assertThat(claim(slots, "shop", "b", SECOND)).isEqualTo(new Turn.Now());
    slots.giveBack("shop", "b");

    assertThat(claim(slots, "shop", "broken", FIRST)).isEqualTo(new Turn.Now());
  }

  @Test
  void slotThatIsGivenBackIsToldToThoseInLine() {
    var slots = slots(0, 1);
    claim(slots, "shop", "a", FIRST);
    claim(slots, "bank", "b", SECOND);
    assertThat(woken).isEmpty();

    slots.giveBack("shop", "a");

    assertThat(woken).containsExactly("bank/b");
    assertThat(claim(slots, "bank", "b", SECOND)).isEqualTo(new Turn.Now());
  }

  @Test
  void endOfARolloutIsToldToThoseInLine() {
    var slots = slots(1, 0);
    running("shop", "a");
    running("bank", "a");
    claim(slots, "shop", "b", FIRST);
    claim(slots, "bank", "b", FIRST);

    slots.moved("shop");

    assertThat(woken).containsExactly("shop/b");
  }

  @Test
  void whoNeverClaimedWakesNobody() {
    var slots = slots(0, 1);
    running("shop", "a");
    claim(slots, "shop", "b", FIRST);

    slots.giveBack("shop", "other");

    assertThat(woken).isEmpty();
  }

  @Test
  void manyThatAskAtTheSameMomentGetNoMoreThanThereIs() throws Exception {
    var slots = slots(0, 3);
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          IntStream.range(0, 50)
              .mapToObj(
                  i ->
                      threads.submit(
                          (Callable<Turn>)
                              () -> {
                                start.await();
                                return claim(slots, "shop", "web" + i, FIRST.plusMillis(i));
                              }))
              .toList();
      start.countDown();
      int granted = 0;
      for (var turn : asked) {
        granted += turn.get() instanceof Turn.Now ? 1 : 0;
      }
      assertThat(granted).isEqualTo(3);
    }
  }
}
