package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Seen.Health;
import dev.serin.rollout.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What was seen of a pair of Services, and what follows from it.
///
/// @param target the Service that callers dial
/// @param beside the Service of the canary
/// @param stable the pods behind the target
/// @param tried the pods behind the canary's Service
/// @param record of the last rollout, if it is there and about this target
/// @param problems why the pair cannot be driven; only looked at while nothing is on trial
record ServiceSight(
    Subject subject,
    Read target,
    Read beside,
    Endpoints stable,
    Endpoints tried,
    Optional<RolloutRecord> record,
    List<String> problems)
    implements Workload.Sight {

  static ServiceSight of(Subject subject, Cluster cluster) {
    var namespace = subject.namespace();
    var name = subject.declared().target().name();
    var canary = subject.declared().exposure().canary();
    var target = cluster.find(Kind.SERVICE.named(namespace, name));
    var beside = cluster.find(Kind.SERVICE.named(namespace, canary));
    var record =
        subject.rollout() == 0
            ? Optional.<RolloutRecord>empty()
            : cluster
                .find(RolloutRecord.ref(namespace, subject.name(), subject.rollout()))
                .found()
                .flatMap(RolloutRecord::read)
                .filter(
                    found ->
                        target
                            .found()
                            .map(Fields::uid)
                            .filter(found.targetUid()::equals)
                            .isPresent());
    return new ServiceSight(
        subject,
        target,
        beside,
        Endpoints.of(cluster, namespace, name),
        Endpoints.of(cluster, namespace, canary),
        record,
        subject.at() == Subject.Standing.AT_REST
            ? ServiceAdoption.problems(subject, target, beside, cluster)
            : List.of());
  }

  @Override
  public Seen.Target target(Wanted.Target wanted) {
    var unknown = unknown();
    if (unknown.isPresent()) {
      return new Seen.Target.Unknown(unknown.get());
    }
    var found = target.found().filter(service -> !Fields.isDeleting(service));
    if (found.isEmpty()) {
      return new Seen.Target.Missing();
    }
    var bypass = Fields.annotation(found.get(), Marks.BYPASS);
    if (!problems.isEmpty() && bypass.isEmpty()) {
      return new Seen.Target.Unfit(problems);
    }
    var revision = revision();
    return new Seen.Target.Present(
        revision,
        subject.rejected().contains(revision)
            ? Seen.Standing.REJECTED
            : subject.proven().contains(revision) ? Seen.Standing.PROVEN : Seen.Standing.NEW,
        subject.adopted().filter(uid -> !uid.equals(Fields.uid(found.get()))).isPresent(),
        isMarked(found.get()),
        isAsWanted(found.get(), wanted),
        isSteady(),
        stable.serve(),
        stable.all().size(),
        // All of its pods change in one moment, to those that serve as the canary so far.
        false,
        isSteady()
            ? new Health.Fine()
            : new Health.Slow(
                "%d of %d pods behind Service %s are ready"
                    .formatted(
                        stable.ready().size(), stable.all().size(), Fields.name(found.get()))),
        bypass);
  }

  /// What its owner wants to run: before adoption what the target selects, then what the canary's
  /// Service selects.
  private String revision() {
    return (subject.stable().isEmpty() ? selected() : candidate())
        .map(Selection::revision)
        .orElse("");
  }

  private Optional<Selection> selected() {
    return target.found().map(Selection::of);
  }

  private Optional<Selection> candidate() {
    return beside.found().map(Selection::of).or(this::selected);
  }

  private boolean isMarked(JsonNode service) {
    return Fields.label(service, Marks.CANARY).equals(Marks.label(subject.name()));
  }

  /// Once both Services select the same, they have the same pods as soon as the cluster has taken
  /// note.
  private boolean isSteady() {
    var same = selected().map(Selection::selector).equals(candidate().map(Selection::selector));
    return same ? stable.areReady() && stable.ready().equals(tried.ready()) : stable.areReady();
  }

  private boolean isAsWanted(ObjectNode service, Wanted.Target wanted) {
    return hold(service, wanted).isEmpty() && letGo(service, wanted).isEmpty();
  }

  @Override
  public Seen.Canary canary() {
    var candidate = beside.found().map(Selection::of);
    if (candidate.isEmpty() || subject.at() == Subject.Standing.AT_REST) {
      return new Seen.Canary.Absent();
    }
    return new Seen.Canary.Present(
        candidate.get().revision(),
        tried.ready().size(),
        tried.areReady()
            ? new Health.Fine()
            : new Health.Slow(
                "%d of %d pods behind Service %s are ready"
                    .formatted(
                        tried.ready().size(),
                        tried.all().size(),
                        subject.declared().exposure().canary())));
  }

  @Override
  public Optional<Set<String>> listed() {
    return Optional.of(tried.all());
  }

  @Override
  public Optional<String> unknown() {
    return target instanceof Read.Unknown(var reason)
        ? Optional.of(reason)
        : beside instanceof Read.Unknown(var reason) ? Optional.of(reason) : Optional.empty();
  }

  @Override
  public Optional<List<String>> warnings() {
    if (subject.at() != Subject.Standing.AT_REST) {
      return Optional.empty();
    }
    var others =
        selected()
            .filter(_ -> subject.stable().isPresent())
            .filter(now -> !now.revision().equals(subject.stable().get()));
    return Optional.of(
        others
            .map(
                now ->
                    List.of(
                        "Service "
                            + subject.declared().target().name()
                            + " selects "
                            + now.selector()
                            + ", which is not what was promoted; correct it where it is declared"))
            .orElse(List.of()));
  }

  @Override
  public String contested() {
    return "";
  }

  @Override
  public Optional<String> hold() {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> turns() {
    return Optional.empty();
  }

  @Override
  public Optional<Workload.Identity> identity() {
    return target
        .found()
        .map(
            found ->
                new Workload.Identity(
                    Fields.uid(found), Fields.number(found, "metadata", "generation"), revision()));
  }

  /// Services are not held.
  @Override
  public boolean isHeldForNothing() {
    return false;
  }

  @Override
  public Map<String, String> configs() {
    return Map.of();
  }

  @Override
  public List<String> mountedConfigs() {
    return List.of();
  }

  @Override
  public Optional<RolloutRecord> record(
      int number, String revision, String stableRevision, JsonNode spec) {
    var tries = of(revision);
    var serves = of(stableRevision);
    return tries.isEmpty() || serves.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RolloutRecord(
                number,
                revision,
                stableRevision,
                serves.get().json(),
                tries.get().json(),
                "",
                target.found().map(Fields::uid).orElse(""),
                "",
                stable.all().size(),
                spec));
  }

  /// The selection of a revision; empty when it is not known any more.
  private Optional<Selection> of(String revision) {
    return record
        .flatMap(found -> found.templateOf(revision))
        .map(Selection::kept)
        .or(() -> selected().filter(now -> now.revision().equals(revision)))
        .or(() -> candidate().filter(now -> now.revision().equals(revision)));
  }

  @Override
  public List<Change> changes(Workload.Stage stage, Wanted wanted, Workload.Traffic traffic) {
    var service = target.found().filter(found -> !Fields.isDeleting(found));
    return switch (stage) {
      case HOLD -> service.map(found -> hold(found, wanted.target())).orElse(List.of());
      case LET_GO -> service.map(found -> letGo(found, wanted.target())).orElse(List.of());
      case SERVICES, GROW, SHRINK, ASIDE -> List.of();
    };
  }

  /// Marks the target, and while a revision is on trial keeps it on the stable one.
  private List<Change> hold(ObjectNode service, Wanted.Target wanted) {
    return switch (wanted) {
      case Wanted.Target.AtRest _ -> mark(service);
      case Wanted.Target.Held _ ->
          subject.stable().flatMap(this::of).map(kept -> select(service, kept)).orElse(List.of());
      case Wanted.Target.Untouched _,
          Wanted.Target.Released _,
          Wanted.Target.Reverted _,
          Wanted.Target.LetGo _ ->
          List.of();
    };
  }

  private List<Change> letGo(ObjectNode service, Wanted.Target wanted) {
    return switch (wanted) {
      case Wanted.Target.Released(var revision) ->
          of(revision).map(tries -> select(service, tries)).orElse(List.of());
      case Wanted.Target.Reverted(var revision) ->
          of(revision).map(serves -> select(service, serves)).orElse(List.of());
      case Wanted.Target.LetGo(var revision) -> leave(service, revision);
      case Wanted.Target.Untouched _, Wanted.Target.AtRest _, Wanted.Target.Held _ -> List.of();
    };
  }

  private List<Change> mark(ObjectNode service) {
    if (isMarked(service)) {
      return List.of();
    }
    var object = Fields.bare(ref(service));
    var metadata = (ObjectNode) object.get("metadata");
    metadata.put("resourceVersion", Fields.resourceVersion(service));
    metadata.putObject("labels").put(Marks.CANARY, Marks.label(subject.name()));
    return List.of(new Change.Apply(ref(service), object));
  }

  /// Lets the target select the pods of a revision.
  private List<Change> select(ObjectNode service, Selection wanted) {
    if (Selection.of(service).equals(wanted)) {
      return mark(service);
    }
    var patch = new Operations();
    patch.set("/spec/selector", wanted.labels());
    version(service, wanted, patch);
    if (Fields.at(service, "metadata", "labels").isMissingNode()) {
      patch.set("/metadata/labels", JsonNodeFactory.instance.objectNode());
    }
    patch.set(labelPath(), JsonNodeFactory.instance.textNode(Marks.label(subject.name())));
    return List.of(patch.change(ref(service), service));
  }

  private static void version(ObjectNode service, Selection wanted, Operations patch) {
    var path = "/metadata/annotations/" + Managed.escaped(Marks.REVISION);
    var there = Fields.annotation(service, Marks.REVISION);
    if (!wanted.version().isEmpty()) {
      if (Fields.at(service, "metadata", "annotations").isMissingNode()) {
        patch.set("/metadata/annotations", JsonNodeFactory.instance.objectNode());
      }
      patch.set(path, JsonNodeFactory.instance.textNode(wanted.version()));
    } else if (there.isPresent()) {
      patch.remove(path);
    }
  }

  private List<Change> leave(ObjectNode service, Optional<String> revision) {
    if (!isMarked(service)) {
      return List.of();
    }
    var patch = new Operations();
    var back =
        revision
            .filter(_ -> subject.declared().revertOnDeletion())
            .flatMap(this::of)
            .filter(kept -> !Selection.of(service).equals(kept));
    back.ifPresent(
        kept -> {
          patch.set("/spec/selector", kept.labels());
          version(service, kept, patch);
        });
    patch.remove(labelPath());
    return List.of(patch.change(ref(service), service));
  }

  private static String labelPath() {
    return "/metadata/labels/" + Managed.escaped(Marks.CANARY);
  }

  private static ObjectRef ref(JsonNode service) {
    return Kind.SERVICE.named(Fields.namespace(service), Fields.name(service));
  }
}
