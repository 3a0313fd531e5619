package dev.serin.controller.measure;

import dev.serin.judge.Assessment;
import dev.serin.judge.TrafficProof;
import dev.serin.parse.CheckSpec;
import dev.serin.rollout.Seen;
import dev.serin.rollout.TrafficSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One rollout of which evidence is gathered. Its line changes it, under the line's lock; others
/// read it.
final class Member {
  final Line line;
  final Versions versions;

  private volatile Assignment assignment;
  private volatile Optional<Tally> tally = Optional.empty();
  private volatile String trouble = "";
  private volatile boolean wanted = true;

  /// Whether somebody asks for it now.
  boolean busy;

  /// Whether it is asked for by itself, because a server refused it.
  boolean alone;

  /// Whether what was counted has to be counted anew: at other times, or by another clock.
  boolean outdated;

  /// Who waits for a look to be taken.
  private final List<Waiting> waiting = new ArrayList<>();

  /// @param look time of the grid
  private record Waiting(Instant look, Runnable then) {}

  Member(Line line, Assignment assignment) {
    this.line = line;
    this.versions = Versions.of(assignment, line.dialect().counts());
    this.assignment = assignment;
  }

  /// Whether this is what an assignment is about.
  boolean isOf(Assignment other, Line where) {
    return where == line
        && other.rollout() == assignment.rollout()
        && other.routedAt().getFirst().equals(assignment.routedAt().getFirst());
  }

  void told(Assignment news) {
    assignment = news;
    wanted = true;
  }

  void rests() {
    wanted = false;
  }

  boolean wanted() {
    return wanted;
  }

  Assignment assignment() {
    return assignment;
  }

  Optional<Tally> tally() {
    return tally;
  }

  /// Runs something once the look at a time of the grid was taken; at once when it was.
  void once(Instant look, Runnable then) {
    synchronized (waiting) {
      if (!isCounted(look)) {
        waiting.add(new Waiting(look, then));
        return;
      }
    }
    then.run();
  }

  /// Whether the look at a time of the grid was taken.
  boolean isCounted(Instant look) {
    return tally.filter(known -> known.next().isAfter(look)).isPresent();
  }

  /// Runs what waited for the looks that were taken by now.
  void tellWaiting() {
    List<Waiting> due;
    synchronized (waiting) {
      due = waiting.stream().filter(each -> isCounted(each.look)).toList();
      waiting.removeAll(due);
    }
    due.forEach(each -> each.then.run());
  }

  /// Forgets what was counted.
  void startAnew() {
    outdated = false;
    tally = Optional.empty();
  }

  void counted(Tally after) {
    tally = Optional.of(after);
    trouble = "";
  }

  void troubled(String reason) {
    trouble = reason;
  }

  /// Why nobody could be asked at last; empty when somebody answered.
  String trouble() {
    return trouble;
  }

  /// The comparisons of the Canary.
  static List<CheckSpec> comparisons(Assignment assignment) {
    return assignment.declared().checks().stream().filter(Member::isComparison).toList();
  }

  static boolean isComparison(CheckSpec check) {
    return check.judgement() instanceof CheckSpec.Judgement.Comparison
        && check.source() instanceof CheckSpec.Source.BuiltIn;
  }

  /// Whether a share of requests can contradict a split: not where the requests choose.
  static boolean isProvable(TrafficSplit split) {
    return split.mirrored() == 0 && split.matches().isEmpty() && split.affinity().isEmpty();
  }

  /// The comparison that has decided against the canary.
  Optional<Seen.Condemned> condemned() {
    return tally
        .flatMap(Tally::condemning)
        .map(
            judged ->
                new Seen.Condemned(
                    assignment.rollout(),
                    judged.check().name()
                        + ": "
                        + assessment(judged, tally.orElseThrow()).reason()));
  }

  private Assessment assessment(Judged judged, Tally at) {
    return EvidenceAssessment.of(judged, query(at), at.terms(), assignment);
  }

  String query(Tally at) {
    return line.question(List.of(versions), at.terms().bounds()).text();
  }

  /// Whether the requests since the split was confirmed contradict it.
  Seen.Proof proof() {
    var split = assignment.split();
    var flow = tally.map(Tally::flow).orElse(Tally.Flow.NONE);
    if (!wanted
        || !isProvable(split)
        || flow.confirmed().isEmpty()
        || !flow.confirmed().equals(assignment.confirmed())) {
      return new Seen.Proof.Agrees();
    }
    return switch (TrafficProof.of(flow.canary(), flow.stable(), split.canary())) {
      case TrafficProof.Contradicts contradicts -> new Seen.Proof.Contradicts(contradicts.reason());
      case TrafficProof.Agrees _, TrafficProof.NotEnough _ -> new Seen.Proof.Agrees();
    };
  }

  /// When the evidence begins.
  Instant routed() {
    return assignment.routedAt().getFirst();
  }
}
