package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// How many rollouts may run at once, and who is next.
///
/// Who runs and who stands in line is known from the statuses of all Canaries, so that neither is
/// forgotten by a restart. What they do not show yet is kept here: a start that was just allowed,
/// so that two do not take one slot, and who was just told to wait, so that nobody who would be
/// told of a free slot is missed.
///
/// The line is ordered by when each revision was first seen. Whoever has room takes the first slot;
/// who is kept by its own namespace does not keep the others.
final class Slots {
  private static final Set<String> RUNNING =
      Set.of("Progressing", "WaitingPromotion", "Promoting", "Finalising", "Reverting", "Paused");

  private final int perNamespace;
  private final int total;
  private final BiConsumer<String, String> wake;
  private final AtomicReference<Known> known =
      new AtomicReference<>(new Known(Set.of(), Map.of(), Set.of()));

  private record Name(String namespace, String name) {}

  /// A value, replaced as a whole: whoever decided by a former one decides again.
  ///
  /// @param claimed who may start
  /// @param asking who was told to wait, and since when it stands in line
  /// @param absent who could not be looked at when it was last tried, so that it takes no turn
  private record Known(Set<Name> claimed, Map<Name, Instant> asking, Set<Name> absent) {

    Known claiming(Name name) {
      return new Known(with(claimed, name), without(asking, name), without(absent, name));
    }

    Known asking(Name name, Instant since) {
      var more = new HashMap<>(asking);
      more.put(name, since);
      return new Known(claimed, Map.copyOf(more), without(absent, name));
    }

    Known leaving(Name name) {
      return new Known(without(claimed, name), without(asking, name), without(absent, name));
    }

    Known missing(Name name) {
      return new Known(without(claimed, name), without(asking, name), with(absent, name));
    }

    /// The same, and yet another: what was read before may be old.
    Known anew() {
      return new Known(claimed, asking, absent);
    }

    private static Set<Name> with(Set<Name> names, Name name) {
      var more = new HashSet<>(names);
      more.add(name);
      return Set.copyOf(more);
    }

    private static Set<Name> without(Set<Name> names, Name name) {
      var less = new HashSet<>(names);
      less.remove(name);
      return Set.copyOf(less);
    }

    private static Map<Name, Instant> without(Map<Name, Instant> names, Name name) {
      var less = new HashMap<>(names);
      less.remove(name);
      return Map.copyOf(less);
    }
  }

  /// What somebody who wants to start is told.
  sealed interface Turn {

    /// It may start; the slot is its own until it is given back.
    record Now() implements Turn {}

    /// It has to wait.
    ///
    /// @param since when it stands in line
    /// @param place in the line, counted from 1
    /// @param length of the line
    /// @param limit that is reached, in words
    record Later(Instant since, int place, int length, String limit) implements Turn {

      /// What it waits for.
      String words() {
        return "another rollout to end: %s; place %d of %d in line".formatted(limit, place, length);
      }
    }
  }

  /// @param wake told namespace and name of a Canary for which a slot may be free
  Slots(ReconcilerSettings settings, BiConsumer<String, String> wake) {
    this.perNamespace = settings.perNamespace();
    this.total = settings.total();
    this.wake = wake;
  }

  /// Takes a slot for a rollout that could start now, or a place in the line.
  ///
  /// @param since when its revision was first seen
  Turn claim(String namespace, String name, Instant since, Cluster cluster) {
    if (perNamespace == 0 && total == 0) {
      return new Turn.Now();
    }
    var ours = new Name(namespace, name);
    while (true) {
      var before = known.get();
      if (before.claimed().contains(ours)) {
        return new Turn.Now();
      }
      var standing = standing(cluster, total == 0 ? namespace : "", before);
      standing.running().remove(ours);
      standing.line().put(ours, since);
      var turn = turn(ours, since, standing);
      var after =
          switch (turn) {
            case Turn.Now _ -> before.claiming(ours);
            case Turn.Later _ -> before.asking(ours, since);
          };
      if (known.compareAndSet(before, after)) {
        return turn;
      }
    }
  }

  /// @param running who has a slot
  /// @param line who waits for one, and since when
  private record Standing(Set<Name> running, Map<Name, Instant> line) {

    List<Name> inOrder(Predicate<Name> which) {
      return line.entrySet().stream()
          .sorted(
              Map.Entry.<Name, Instant>comparingByValue()
                  .thenComparing(
                      Map.Entry.comparingByKey(
                          Comparator.comparing(Name::namespace).thenComparing(Name::name))))
          .map(Map.Entry::getKey)
          .filter(which)
          .toList();
    }
  }

  private Standing standing(Cluster cluster, String namespace, Known now) {
    var running = new HashSet<>(now.claimed());
    var line = new HashMap<>(now.asking());
    for (var canary : cluster.list(Kind.CANARY, namespace, Map.of())) {
      var name = new Name(Fields.namespace(canary), Fields.name(canary));
      switch (partOf(canary)) {
        case RUNNING -> running.add(name);
        case IN_LINE ->
            Fields.instant(canary, "status", "state", "since")
                .ifPresent(since -> line.putIfAbsent(name, since));
        case NONE -> {}
      }
    }
    line.keySet().removeAll(running);
    line.keySet().removeAll(now.absent());
    return new Standing(running, line);
  }

  /// Everybody in line takes, in its turn, a slot where one is left for it.
  private Turn turn(Name ours, Instant since, Standing standing) {
    var taken = new ArrayList<>(standing.running());
    for (var next : standing.inOrder(_ -> true)) {
      var reached = reached(next.namespace(), taken);
      if (reached.isEmpty()) {
        taken.add(next);
      }
      if (next.equals(ours)) {
        return reached
            .<Turn>map(limit -> later(ours, since, limit, standing))
            .orElseGet(Turn.Now::new);
      }
    }
    throw new IllegalStateException(ours + " does not stand in line");
  }

  private enum Limit {
    NAMESPACE,
    CLUSTER
  }

  private Optional<Limit> reached(String namespace, List<Name> taken) {
    var near = taken.stream().filter(name -> name.namespace().equals(namespace)).count();
    if (perNamespace > 0 && near >= perNamespace) {
      return Optional.of(Limit.NAMESPACE);
    }
    return total > 0 && taken.size() >= total ? Optional.of(Limit.CLUSTER) : Optional.empty();
  }

  private Turn later(Name ours, Instant since, Limit limit, Standing standing) {
    var line =
        switch (limit) {
          case NAMESPACE -> standing.inOrder(name -> name.namespace().equals(ours.namespace()));
          case CLUSTER -> standing.inOrder(_ -> true);
        };
    var words =
        switch (limit) {
          case NAMESPACE -> perNamespace + " may run at once in namespace " + ours.namespace();
          case CLUSTER -> total + " may run at once in the cluster";
        };
    return new Turn.Later(since, line.indexOf(ours) + 1, line.size(), words);
  }

  /// It neither starts nor stands in line, or it is over: others may have what it had.
  void giveBack(String namespace, String name) {
    var ours = new Name(namespace, name);
    var before = known.getAndUpdate(now -> now.leaving(ours));
    if (before.claimed().contains(ours) || before.asking().containsKey(ours)) {
      wakeLine(namespace);
    }
  }

  /// It could not even be looked at: until it is, others pass.
  void passOver(String namespace, String name) {
    known.updateAndGet(now -> now.missing(new Name(namespace, name)));
    wakeLine(namespace);
  }

  /// A stored status shows another part than the one before it.
  void moved(String namespace) {
    known.updateAndGet(Known::anew);
    wakeLine(namespace);
  }

  private void wakeLine(String namespace) {
    known.get().asking().keySet().stream()
        .filter(name -> total > 0 || name.namespace().equals(namespace))
        .forEach(name -> wake.accept(name.namespace(), name.name()));
  }

  /// What part a Canary plays here.
  enum Part {
    RUNNING,
    IN_LINE,
    NONE
  }

  /// The part that a Canary plays, as its stored status shows it.
  static Part partOf(JsonNode canary) {
    var phase = Fields.text(canary, "status", "phase");
    if (RUNNING.contains(phase)) {
      // What was paused before it started holds no pods and no traffic, and no slot.
      return Fields.text(canary, "status", "state", "stopped", "is").equals("Waiting")
          ? Part.NONE
          : Part.RUNNING;
    }
    var stalled = Fields.text(Fields.condition(canary, "Stalled"), "status").equals("True");
    return phase.equals("Waiting")
            && !Fields.at(canary, "status", "queue").isMissingNode()
            && !stalled
            && !Fields.isDeleting(canary)
        ? Part.IN_LINE
        : Part.NONE;
  }
}
