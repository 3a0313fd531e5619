package dev.serin.controller.measure;

import dev.serin.controller.background.Background;
import dev.serin.judge.Assessment;
import dev.serin.judge.Deltas;
import dev.serin.judge.Verdict;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.SampleProvider;
import dev.serin.parse.CheckSpec;
import dev.serin.rollout.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Counts what both versions do, tick by tick, and judges comparisons by it. Evidence is gathered
/// on a grid of its own, however often a Canary is looked at; a comparison that has decided against
/// the canary wakes its Canary at once.
public final class EvidenceLoop implements EvidenceGatherer, CheckRunner {

  /// Evidence that is so many ticks old is still the evidence: the last answers may be on their
  /// way.
  private static final int FRESH = 3;

  /// How long a round waits for a server that does not answer.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Background background;
  private final Map<String, Mesh> meshes;
  private final MetricSources sources;
  private final Optional<Duration> scrapeInterval;
  private final BiConsumer<String, String> wake;
  private final Map<Key, Member> members = new HashMap<>();
  private final Map<Key, String> blind = new HashMap<>();
  private final Map<Source, Line> lines = new HashMap<>();

  private record Key(String namespace, String name) {
    static Key of(Assignment assignment) {
      return new Key(assignment.namespace(), assignment.name());
    }
  }

  /// A server and the names that it knows.
  private record Source(SampleProvider provider, Dialect dialect) {}

  /// @param background where servers are asked, and the time of the grid
  /// @param meshes every known mesh by name
  /// @param scrapeInterval of all servers; empty to find out
  /// @param wake told namespace and name of a Canary that should be looked at
  public EvidenceLoop(
      Background background,
      Map<String, Mesh> meshes,
      MetricSources sources,
      Optional<Duration> scrapeInterval,
      BiConsumer<String, String> wake) {
    this.background = background;
    this.meshes = Map.copyOf(meshes);
    this.sources = sources;
    this.scrapeInterval = scrapeInterval;
    this.wake = wake;
  }

  // ---- Gathering

  @Override
  public void gather(Assignment assignment) {
    if (assignment.routedAt().isEmpty() || !isWorthwhile(assignment)) {
      rest(assignment);
      return;
    }
    var key = Key.of(assignment);
    var server = sources.prometheus(assignment.declared().metricsServer());
    if (!(server.orElse(null) instanceof SampleProvider provider)) {
      leaveBlind(
          key,
          server.isEmpty()
              ? "no Prometheus is named; set spec.metricsServer, or the controller's"
                  + " --metrics-server"
              : "its metrics server gives no samples; comparisons need a Prometheus");
      return;
    }
    switch (Spoken.of(assignment, meshes)) {
      case Spoken.Known(var dialect) -> gather(key, assignment, provider, dialect);
      case Spoken.Unknown(var reason) -> leaveBlind(key, reason);
    }
  }

  private static boolean isWorthwhile(Assignment assignment) {
    return Member.isProvable(assignment.split()) || !Member.comparisons(assignment).isEmpty();
  }

  private void gather(Key key, Assignment assignment, SampleProvider provider, Dialect dialect) {
    Member member;
    synchronized (this) {
      blind.remove(key);
      var line =
          lines.computeIfAbsent(
              new Source(provider, dialect),
              _ -> new Line(provider, dialect, scrapeInterval, background, wake));
      var known = members.get(key);
      if (known != null && known.isOf(assignment, line)) {
        known.told(assignment);
        member = known;
      } else {
        drop(key);
        member = new Member(line, assignment);
        members.put(key, member);
      }
    }
    member.line.join(member);
  }

  private synchronized void leaveBlind(Key key, String reason) {
    drop(key);
    blind.put(key, reason);
  }

  @Override
  public synchronized void rest(Assignment assignment) {
    var key = Key.of(assignment);
    if (assignment.rollout() == 0) {
      drop(key);
      blind.remove(key);
    } else {
      Optional.ofNullable(members.get(key)).ifPresent(Member::rests);
    }
  }

  @Override
  public synchronized void forget(String namespace, String name) {
    var key = new Key(namespace, name);
    drop(key);
    blind.remove(key);
  }

  private void drop(Key key) {
    var gone = members.remove(key);
    if (gone != null) {
      gone.line.leave(gone);
      lines.values().removeIf(line -> line == gone.line && line.isEmpty());
    }
  }

  private synchronized Optional<Member> member(String namespace, String name) {
    return Optional.ofNullable(members.get(new Key(namespace, name)));
  }

  @Override
  public Optional<Seen.Condemned> condemned(String namespace, String name) {
    return member(namespace, name).flatMap(Member::condemned);
  }

  @Override
  public Seen.Proof proof(String namespace, String name) {
    return member(namespace, name).map(Member::proof).orElseGet(Seen.Proof.Agrees::new);
  }

  /// What was counted so far.
  Optional<Tally> tally(String namespace, String name) {
    return member(namespace, name).flatMap(Member::tally);
  }

  // ---- Judging

  @Override
  public boolean runs(CheckSpec check) {
    return Member.isComparison(check);
  }

  /// A round waits until all is counted that can be counted by now, as a rule a moment: a step that
  /// is about to end must not rest on what was known some seconds ago.
  @Override
  public void start(CheckSpec check, Assignment assignment, Consumer<Assessment> answer) {
    var member = member(assignment).filter(Member::wanted);
    var grid = member.flatMap(known -> known.line.grid());
    if (member.isEmpty() || grid.isEmpty()) {
      answer.accept(run(check, assignment));
      return;
    }
    var look = grid.get().latest(member.get().line.now());
    var answered = new AtomicBoolean();
    Runnable say =
        () -> {
          if (answered.compareAndSet(false, true)) {
            answer.accept(run(check, assignment, look));
          }
        };
    member.get().once(look, say);
    if (!answered.get()) {
      background.after(PATIENCE, say);
    }
  }

  @Override
  public Assessment run(CheckSpec check, Assignment assignment) {
    return run(check, assignment, Instant.MIN);
  }

  private Optional<Member> member(Assignment assignment) {
    return member(assignment.namespace(), assignment.name())
        .filter(known -> known.assignment().rollout() == assignment.rollout());
  }

  /// @param look time of the grid that has to be counted
  private Assessment run(CheckSpec check, Assignment assignment, Instant look) {
    var member = member(assignment);
    if (member.isEmpty()) {
      var reason = blindness(assignment);
      return EvidenceAssessment.unable(
          check, Verdict.UNAVAILABLE, reason.orElse("nothing is counted yet for this rollout"));
    }
    var line = member.get().line;
    return line.grid()
        .map(grid -> judge(check, assignment, member.get(), grid, look))
        .orElseGet(() -> unscraped(check, assignment, member.get()));
  }

  private synchronized Optional<String> blindness(Assignment assignment) {
    return Optional.ofNullable(blind.get(Key.of(assignment)));
  }

  /// It is not known how often the server scrapes, because it has not.
  private static Assessment unscraped(CheckSpec check, Assignment assignment, Member member) {
    return member.line.trouble().isEmpty()
        ? EvidenceAssessment.nothing(check, noSeries(member), assignment)
        : EvidenceAssessment.unable(check, Verdict.UNAVAILABLE, member.line.trouble());
  }

  private static String noSeries(Member member) {
    var dialect = member.line.dialect();
    return "there are no series of "
        + member.versions.stable()
        + " or "
        + member.versions.canary()
        + " in "
        + String.join(" or ", dialect.counts().requests())
        + " (metrics dialect "
        + dialect.name()
        + "); no request was made yet, or the data plane is not scraped";
  }

  private Assessment judge(
      CheckSpec check, Assignment assignment, Member member, Grid grid, Instant look) {
    var tally = member.tally();
    var judged = tally.flatMap(known -> known.judged(check));
    var fresh = grid.latest(member.line.now()).minus(grid.tick().multipliedBy(FRESH));
    if (judged.isEmpty()
        || tally.orElseThrow().next().isBefore(fresh)
        || !tally.get().next().isAfter(look)) {
      return EvidenceAssessment.unable(
          check,
          Verdict.UNAVAILABLE,
          member.trouble().isEmpty()
              ? "replaying what was counted "
                  + tally.map(known -> "until " + known.next()).orElse("before")
                  + ", the rollout's traffic began at "
                  + member.routed()
              : member.trouble());
    }
    var at = tally.get();
    return switch (at.last()) {
      case Deltas.NoSeries _ -> EvidenceAssessment.nothing(check, noSeries(member), assignment);
      case Deltas.Behind(var newest) when isStale(newest, at.next(), grid) ->
          EvidenceAssessment.unable(
              check,
              Verdict.UNAVAILABLE,
              "the metrics server has no sample newer than "
                  + newest
                  + "; it does not scrape, or is behind");
      case Deltas.Behind _, Deltas.Begun _, Deltas.Counted _ ->
          EvidenceAssessment.of(judged.get(), member.query(at), at.terms(), assignment);
    };
  }

  private static boolean isStale(Instant newest, Instant next, Grid grid) {
    return newest.isBefore(next.minus(grid.tick().multipliedBy(FRESH)));
  }
}
