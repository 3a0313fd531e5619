package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Names;
import dev.serin.cluster.Read;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What was seen of a target whose pods follow a template, and what follows from it.
final class TemplatedSight implements Workload.Sight {
  private final Subject subject;
  private final Surroundings around;
  private final Templated templated;
  private final List<String> problems;
  private final List<String> warnings;

  private TemplatedSight(
      Subject subject,
      Surroundings around,
      Templated templated,
      List<String> problems,
      List<String> warnings) {
    this.subject = subject;
    this.around = around;
    this.templated = templated;
    this.problems = problems;
    this.warnings = warnings;
  }

  /// Whether a target is fit is only looked at while nothing is on trial: in the middle of a
  /// rollout that would help nobody.
  static TemplatedSight of(Subject subject, Surroundings around, Cluster cluster) {
    var templated = new Templated(subject, around);
    var found = around.target().found();
    if (found.isEmpty() || subject.at() != Subject.Standing.AT_REST) {
      return new TemplatedSight(subject, around, templated, List.of(), List.of());
    }
    var target = found.get();
    var exposure = subject.declared().exposure();
    var settled =
        TargetChanges.isMarked(around.kind(), target, subject)
            && subject.stable().filter(templated.revision()::equals).isPresent();
    return new TemplatedSight(
        subject,
        around,
        templated,
        Adoption.problems(subject, around, target, settled, cluster),
        Stream.concat(
                around.kind().limits().stream(),
                Coverage.warnings(
                    target, subject.name(), Set.of(exposure.apex(), exposure.canary()), cluster)
                    .stream())
            .toList());
  }

  @Override
  public Seen.Target target(Wanted.Target wanted) {
    var unknown = unknown();
    if (unknown.isPresent()) {
      return new Seen.Target.Unknown(unknown.get());
    }
    return switch (around.target()) {
      case Read.Absent _, Read.NotServed _ -> new Seen.Target.Missing();
      case Read.Unknown(var reason) -> new Seen.Target.Unknown(reason);
      case Read.Found(var target) when Fields.isDeleting(target) -> new Seen.Target.Missing();
      case Read.Found(var target) -> found(target, wanted);
    };
  }

  private Seen.Target found(ObjectNode target, Wanted.Target wanted) {
    var bypass = Fields.annotation(target, Marks.BYPASS);
    if (!problems.isEmpty() && bypass.isEmpty()) {
      return new Seen.Target.Unfit(problems);
    }
    var revision = templated.revision();
    return new Seen.Target.Present(
        revision,
        standing(revision),
        subject.adopted().filter(uid -> !uid.equals(Fields.uid(target))).isPresent(),
        TargetChanges.isMarked(around.kind(), target, subject),
        new TargetChanges(around.kind(), subject, target, templated).isAsWanted(wanted),
        kind().isSteady(target),
        kind().serves(target),
        kind().replicas(target),
        kind().keepsCapacity(target, subject.declared().plan()),
        kind().rollout(target, subject.released()),
        bypass);
  }

  private WorkloadKind kind() {
    return around.kind();
  }

  private Seen.Standing standing(String revision) {
    if (subject.rejected().contains(revision)) {
      return Seen.Standing.REJECTED;
    }
    return subject.proven().contains(revision) ? Seen.Standing.PROVEN : Seen.Standing.NEW;
  }

  @Override
  public Seen.Canary canary() {
    return CanaryView.of(kind(), around.copy(), around.pods(), subject.name(), subject.now());
  }

  @Override
  public Optional<Set<String>> listed() {
    return Optional.empty();
  }

  @Override
  public Optional<String> unknown() {
    if (around.target() instanceof Read.Unknown(var reason)) {
      return Optional.of(reason);
    }
    if (around.copy() instanceof Read.Unknown(var reason)) {
      return Optional.of(reason);
    }
    // Whoever leaves does not need to know the revision.
    return around.configs().unreadable().filter(_ -> !Fields.isDeleting(subject.canary()));
  }

  @Override
  public Optional<List<String>> warnings() {
    if (subject.at() == Subject.Standing.AT_REST) {
      return Optional.of(warnings);
    }
    return new CanaryChanges(subject, around, templated).nameOfBudgetIsTaken()
        ? Optional.of(
            List.of(
                "PodDisruptionBudget "
                    + Names.canary(subject.declared().target().name())
                    + " exists and is not Serin's, so that nothing keeps the canary's pods while"
                    + " nodes are drained; rename or delete it"))
        : Optional.empty();
  }

  @Override
  public String contested() {
    return stableSize().map(StableSize::contested).orElse("");
  }

  @Override
  public Optional<String> hold() {
    var contested = contested();
    var shrunken =
        around.record().flatMap(RolloutRecord::read).map(RolloutRecord::replicas).orElse(0);
    var target = around.target().found();
    return contested.isEmpty() || target.isEmpty() || kind().replicas(target.get()) >= shrunken
        ? Optional.empty()
        : Optional.of(
            contested
                + " has shrunk stable from "
                + shrunken
                + " to "
                + kind().replicas(target.get())
                + " pods, and it could not take back more traffic");
  }

  @Override
  public Optional<Instant> turns() {
    return PodHealth.turns(around.pods());
  }

  @Override
  public Optional<Workload.Identity> identity() {
    return around
        .target()
        .found()
        .map(
            target ->
                new Workload.Identity(
                    Fields.uid(target),
                    Fields.number(target, "metadata", "generation"),
                    templated.revision()));
  }

  @Override
  public boolean isHeldForNothing() {
    return around
        .target()
        .found()
        .filter(target -> kind().isHeld(target) && !kind().isHeldAtRest(subject.hold()))
        .flatMap(_ -> subject.stable())
        .filter(templated.revision()::equals)
        .isPresent();
  }

  @Override
  public Map<String, String> configs() {
    return around.configs().checksums();
  }

  @Override
  public List<String> mountedConfigs() {
    return around.configs().mounted().stream().sorted().toList();
  }

  @Override
  public Optional<RolloutRecord> record(int number, String revision, String stable, JsonNode spec) {
    var target = around.target().found();
    return target
        .flatMap(_ -> templated.of(stable))
        .map(
            stableTemplate ->
                new RolloutRecord(
                    number,
                    revision,
                    stable,
                    stableTemplate,
                    templated.released(),
                    around.configs().digest(),
                    Fields.uid(target.orElseThrow()),
                    around.live().map(Fields::uid).orElse(""),
                    kind().replicas(target.orElseThrow()),
                    spec));
  }

  private Optional<StableSize> stableSize() {
    return around
        .record()
        .map(
            record ->
                new StableSize(
                    () ->
                        Autoscaler.of(
                            kind().kind(),
                            subject.declared().target().name(),
                            around.horizontal().get(),
                            around.scaledObjects().get()),
                    record));
  }

  @Override
  public List<Change> changes(Workload.Stage stage, Wanted wanted, Workload.Traffic traffic) {
    var target = around.target().found().filter(found -> !Fields.isDeleting(found));
    var changes = target.map(found -> new TargetChanges(around.kind(), subject, found, templated));
    var copy = new CanaryChanges(subject, around, templated);
    return switch (stage) {
      case HOLD -> {
        var all = new ArrayList<>(strays(wanted.target()));
        if (wanted.target() instanceof Wanted.Target.AtRest) {
          all.addAll(Baseline.changes(subject, around, templated));
        }
        changes.map(of -> of.hold(wanted.target())).ifPresent(all::addAll);
        yield all;
      }
      case SERVICES -> target.map(found -> services(found, wanted.target())).orElse(List.of());
      case GROW -> {
        var all = new ArrayList<Change>();
        if (wanted.keepStableSize()) {
          stableSize().map(StableSize::keep).ifPresent(all::addAll);
        }
        all.addAll(copy.grow(wanted.canary()));
        yield all;
      }
      case SHRINK -> {
        var all = new ArrayList<>(copy.shrink(wanted.canary(), traffic));
        if (!wanted.keepStableSize() && !isUntouched(wanted)) {
          stableSize().map(StableSize::giveBack).ifPresent(all::addAll);
        }
        yield all;
      }
      case LET_GO -> changes.map(of -> of.letGo(wanted.target())).orElse(List.of());
      case ASIDE -> copy.protect(wanted);
    };
  }

  /// Lets go of what was the target before the Canary named another.
  private List<Change> strays(Wanted.Target wanted) {
    return wanted instanceof Wanted.Target.Untouched
        ? List.of()
        : around.strays().stream()
            .flatMap(
                stray ->
                    new TargetChanges(around.kind(), subject, stray, templated).leave().stream())
            .toList();
  }

  private static boolean isUntouched(Wanted wanted) {
    return wanted.target() instanceof Wanted.Target.Untouched
        && wanted.canary() instanceof Wanted.Canary.Untouched;
  }

  private List<Change> services(ObjectNode target, Wanted.Target wanted) {
    return switch (wanted) {
      case Wanted.Target.Untouched _, Wanted.Target.LetGo _ -> List.of();
      case Wanted.Target.AtRest _,
          Wanted.Target.Held _,
          Wanted.Target.Released _,
          Wanted.Target.Reverted _ ->
          SelectorLabel.of(target)
              .map(
                  label ->
                      Services.wanted(
                          subject.declared(),
                          target,
                          CanaryCopy.selector(target, label),
                          around.apex(),
                          around.canaryService()))
              .orElse(List.of());
    };
  }
}
