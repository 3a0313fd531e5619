package dev.serin.controller.measure;

import dev.serin.controller.background.Background;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.rollout.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// All Canaries under analysis whose counters one server has under the same names. At each time of
/// their grid they are asked for together; who fell behind, after an outage or a restart, is asked
/// for over the times that are missing, so that nobody's evidence depends on when it was gathered.
///
/// Nothing here waits for an answer: asking runs in the background, and whoever is being asked for
/// is left out until the answer is there.
final class Line {

  /// Times in one query, of all its targets together.
  private static final int MOST_TIMES = 1000;

  /// How often one looks whether a server's clock and scrapes are still as they were.
  private static final Duration SURVEYED = Duration.ofMinutes(1);

  private final SampleProvider provider;
  private final Dialect dialect;
  private final Latencies latencies;
  private final Background background;
  private final BiConsumer<String, String> wake;
  private final Modesty modesty;
  private final Set<Member> members = new LinkedHashSet<>();

  private final Optional<Duration> scrapeInterval;

  private volatile Optional<Grid> grid = Optional.empty();
  private volatile Duration ahead = Duration.ZERO;
  private volatile String trouble = "it is not known yet how often the metrics server scrapes";
  private boolean surveying;
  private Instant surveyed = Instant.MIN;
  private boolean timed;

  /// @param scrapeInterval of the server, where it is known; else it is found out
  /// @param wake told namespace and name of a Canary that should be looked at
  Line(
      SampleProvider provider,
      Dialect dialect,
      Optional<Duration> scrapeInterval,
      Background background,
      BiConsumer<String, String> wake) {
    this.provider = provider;
    this.dialect = dialect;
    this.latencies = new Latencies(provider, dialect.counts());
    this.scrapeInterval = scrapeInterval;
    this.background = background;
    this.wake = wake;
    this.modesty = new Modesty(background);
  }

  /// The question for the counters of these versions.
  CountQuery question(List<Versions> versions, Set<Double> upTo) {
    return new CountQuery(dialect.counts(), latencies.buckets(), versions, upTo);
  }

  Dialect dialect() {
    return dialect;
  }

  /// Empty while it is not known how often the server scrapes.
  Optional<Grid> grid() {
    return grid;
  }

  /// The time by the server's clock.
  Instant now() {
    return background.instant().plus(ahead);
  }

  /// Why that cannot be found out; empty when it is known, or nothing was scraped yet.
  String trouble() {
    return trouble;
  }

  void join(Member member) {
    synchronized (this) {
      members.add(member);
    }
    pump();
  }

  void leave(Member member) {
    synchronized (this) {
      members.remove(member);
    }
  }

  synchronized boolean isEmpty() {
    return members.isEmpty();
  }

  /// Asks for everything that can be asked for now.
  void pump() {
    work().forEach(background::execute);
  }

  private synchronized List<Runnable> work() {
    var wanted = members.stream().filter(member -> member.wanted() && !member.busy).toList();
    if (members.stream().anyMatch(Member::wanted)) {
      lookLater();
    }
    if (wanted.isEmpty()) {
      return List.of();
    }
    var work = new ArrayList<Runnable>();
    grid.ifPresent(known -> work.addAll(asks(wanted, known)));
    if (!surveying && (grid.isEmpty() || isSurveyDue())) {
      surveying = true;
      var some = List.copyOf(wanted.subList(0, Math.min(Modesty.MOST, wanted.size())));
      work.add(() -> survey(some));
    }
    return work;
  }

  /// A clock that was set back has surveyed in its future.
  private boolean isSurveyDue() {
    var now = background.instant();
    return now.isBefore(surveyed) || !now.isBefore(surveyed.plus(SURVEYED));
  }

  private void lookLater() {
    if (timed) {
      return;
    }
    timed = true;
    var now = now();
    background.after(
        grid.map(known -> Duration.between(now, known.due(now))).orElse(Grid.LEAST),
        () -> {
          synchronized (this) {
            timed = false;
          }
          pump();
        });
  }

  private List<Runnable> asks(List<Member> wanted, Grid known) {
    var latest = known.latest(now());
    var work = new ArrayList<Runnable>();
    var byNext = new LinkedHashMap<Instant, List<Member>>();
    for (var member : wanted) {
      if (member.outdated) {
        member.startAnew();
      }
      if (member.tally().isEmpty()) {
        member.busy = true;
        work.add(() -> begin(member, known));
      } else {
        var next = member.tally().get().next();
        if (!next.isAfter(latest)) {
          byNext.computeIfAbsent(next, _ -> new ArrayList<>()).add(member);
        }
      }
    }
    byNext.forEach(
        (next, due) -> {
          for (var chunk : chunks(due)) {
            chunk.forEach(member -> member.busy = true);
            var until = chunk.getFirst().alone ? next : until(next, latest, chunk.size(), known);
            work.add(() -> ask(chunk, next, until));
          }
        });
    return work;
  }

  private static Instant until(Instant from, Instant latest, int targets, Grid grid) {
    var most = from.plus(grid.tick().multipliedBy(Math.max(1, MOST_TIMES / targets) - 1L));
    return most.isBefore(latest) ? most : latest;
  }

  private List<List<Member>> chunks(List<Member> due) {
    var most = modesty.most();
    var chunks = new ArrayList<List<Member>>();
    var together = new ArrayList<Member>();
    // Neighbours share their namespaces, so that a query matches hardly anybody else's series.
    due.sort(
        Comparator.comparing((Member member) -> member.versions.namespace())
            .thenComparing(member -> member.versions.stable()));
    for (var member : due) {
      if (member.alone) {
        chunks.add(List.of(member));
      } else {
        together.add(member);
      }
    }
    for (int i = 0; i < together.size(); i += most) {
      chunks.add(List.copyOf(together.subList(i, Math.min(together.size(), i + most))));
    }
    return chunks;
  }

  // ---- What has to be known before one can count

  private void survey(List<Member> some) {
    Optional<Duration> interval = Optional.empty();
    var clock = ahead;
    var reason = "";
    try {
      switch (ServerClock.of(provider, background)) {
        case ServerClock.Silent(var silent) -> reason = silent;
        case ServerClock.Known(var found) -> {
          clock = found;
          if (scrapeInterval.isPresent()) {
            interval = scrapeInterval;
          } else {
            var now = background.instant().plus(found);
            switch (provider.range(
                Survey.times(dialect.counts(), versions(some)),
                now.minus(Survey.SPAN),
                now,
                Survey.STEP)) {
              case Samples.Found(var times) -> interval = Survey.interval(times);
              case Samples.Refused(var refused) -> reason = refused;
              case Samples.Unavailable(var down) -> reason = down;
            }
          }
        }
      }
    } finally {
      surveyed(interval.map(Grid::of), clock, reason);
    }
    if (interval.isPresent()) {
      pump();
    }
  }

  /// Evidence is gathered anew where it was gathered at times that are none any more: the server
  /// scrapes much more or less often, or its clock and ours differ by something else.
  private synchronized void surveyed(Optional<Grid> found, Duration clock, String reason) {
    surveying = false;
    surveyed = background.instant();
    trouble = reason;
    if (found.isEmpty()) {
      return;
    }
    var isOther = grid.filter(known -> !known.isMuchLike(found.get())).isPresent();
    if (isOther || !clock.equals(ahead)) {
      members.forEach(member -> member.outdated = true);
    }
    if (grid.isEmpty() || isOther) {
      grid = found;
    }
    ahead = clock;
  }

  /// Finds out what the comparisons of a Canary look at.
  private void begin(Member member, Grid known) {
    Optional<Tally> begun = Optional.empty();
    try {
      begun = terms(member, known).map(Tally::of);
    } finally {
      synchronized (this) {
        member.busy = false;
        begun.ifPresent(member::counted);
      }
    }
    if (begun.isPresent()) {
      pump();
    }
  }

  private Optional<Terms> terms(Member member, Grid known) {
    var assignment = member.assignment();
    var declared = assignment.declared();
    var origin = known.floor(member.routed().plus(ahead));
    var question =
        new Latencies.Question(
            member.versions,
            known.floor(origin.minus(Terms.BEFORE)),
            origin,
            now(),
            member::troubled);
    return latencies
        .compared(Member.comparisons(assignment), question)
        .map(
            compared ->
                Terms.of(
                    known,
                    ahead,
                    member.routed(),
                    member.versions,
                    dialect.counts(),
                    compared,
                    declared));
  }

  // ---- Counting

  private void ask(List<Member> chunk, Instant from, Instant until) {
    var answered = false;
    try {
      answered = asked(chunk, from, until);
    } finally {
      synchronized (this) {
        chunk.forEach(member -> member.busy = false);
      }
    }
    // Who is not answered is not asked again before the next tick.
    if (answered) {
      pump();
    }
  }

  /// @return whether anybody was answered
  private boolean asked(List<Member> chunk, Instant from, Instant until) {
    var query = question(versions(chunk), bounds(chunk));
    var answer =
        from.equals(until)
            ? provider.instant(query.text(), from)
            : provider.range(query.text(), from, until, grid.orElseThrow().tick());
    return switch (answer) {
      case Samples.Found(var samples) -> {
        var read = query.read(samples);
        for (var member : chunk) {
          count(member, until, read.getOrDefault(member.versions, new TreeMap<>()));
        }
        yield true;
      }
      case Samples.Refused(var reason) -> refused(chunk, from, until, reason);
      case Samples.Unavailable(var reason) -> {
        chunk.forEach(member -> member.troubled(reason));
        yield false;
      }
    };
  }

  /// Asks for half, and for the other half: the server may take smaller queries, or dislike one of
  /// the targets.
  private boolean refused(List<Member> chunk, Instant from, Instant until, String reason) {
    if (chunk.size() > 1) {
      var half = (chunk.size() + 1) / 2;
      var first = asked(chunk.subList(0, half), from, until);
      var second = asked(chunk.subList(half, chunk.size()), from, until);
      if (first && second) {
        modesty.took(half);
      }
      return first || second;
    }
    var tick = grid.orElseThrow().tick();
    var times = Duration.between(from, until).dividedBy(tick);
    if (times > 0) {
      return asked(chunk, from, from.plus(tick.multipliedBy(times / 2)));
    }
    synchronized (this) {
      chunk.getFirst().alone = true;
    }
    chunk.getFirst().troubled(reason);
    return false;
  }

  private static List<Versions> versions(List<Member> chunk) {
    return chunk.stream().map(member -> member.versions).distinct().toList();
  }

  private static Set<Double> bounds(List<Member> chunk) {
    var all = new HashSet<Double>();
    chunk.forEach(member -> all.addAll(member.tally().orElseThrow().terms().bounds()));
    return all;
  }

  private void count(Member member, Instant until, NavigableMap<Instant, Snapshot> snapshots) {
    var assignment = member.assignment();
    var tally = member.tally().orElseThrow();
    var wasCondemned = tally.condemning().isPresent();
    var proven = member.proof();
    while (!tally.next().isAfter(until)) {
      var at = tally.next();
      var there = snapshots.get(at);
      tally =
          tally.look(
              there == null ? Snapshot.empty(at) : there,
              assignment.routedAt(),
              assignment.confirmed());
    }
    synchronized (this) {
      member.counted(tally);
    }
    member.tellWaiting();
    var isNews =
        (tally.condemning().isPresent() && !wasCondemned)
            || agrees(proven) != agrees(member.proof());
    if (isNews) {
      wake.accept(assignment.namespace(), assignment.name());
    }
  }

  private static boolean agrees(Seen.Proof proof) {
    return proof instanceof Seen.Proof.Agrees;
  }
}
