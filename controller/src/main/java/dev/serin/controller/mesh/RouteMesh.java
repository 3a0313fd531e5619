package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.Capability;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A mesh that is routed by one object with a list of rules in its spec, each of which names the
/// Services that answer. A generated object is made of rules of our own, a borrowed one has the
/// user's; the canary is woven into either in the same way.
abstract class RouteMesh implements Mesh {

  /// What the mesh's control plane says of a route.
  sealed interface Acceptance {
    /// @param dialect as [RouteStatus.Accepted] has it
    /// @param settle likewise
    record Taken(Optional<String> dialect, Duration settle) implements Acceptance {}

    record Waiting(String reason) implements Acceptance {}
  }

  /// An object that a generated route needs beside it.
  record Companion(ObjectRef ref, ObjectNode spec) {}

  /// The kinds of route that can be generated or borrowed.
  abstract List<Kind> routeKinds();

  /// The kind of route that is generated for this traffic.
  abstract Kind generatedKind(RouteRequest request);

  /// What to install where the kind is not served.
  abstract String installation();

  /// The field of the spec that holds the rules.
  abstract String rulesField();

  /// The fields of a generated spec beside the rules. Each field that is ever stated is always
  /// stated, as null if need be, so that a stale one is removed.
  abstract ObjectNode frame(RouteRequest request);

  /// The rules of a generated route as they are without a canary.
  abstract ArrayNode plainRules(RouteRequest request);

  /// How rules are woven and read.
  abstract Weaving weaving(RouteRequest request);

  /// What the control plane says of a route that says what it should.
  abstract Acceptance acceptance(RouteRequest request, ObjectNode route);

  /// What speaks against this request as such, each problem with its cure.
  abstract List<String> refusals(RouteRequest request, Map<ObjectRef, Read> seen);

  /// Whether callers would reach nothing without a generated route. What the route itself says
  /// counts: a request for another mesh may not name its parents any more.
  abstract boolean callersNeedRoute(ObjectNode route);

  /// What else is read, beside the route and its companions.
  List<ObjectRef> alsoRead(RouteRequest request) {
    return List.of();
  }

  /// All objects that may ever be companions of the route.
  List<ObjectRef> companionRefs(RouteRequest request) {
    return List.of();
  }

  /// The companions that a generated route should have.
  List<Companion> companions(RouteRequest request, Map<ObjectRef, Read> seen) {
    return List.of();
  }

  /// What can be done in the case at hand.
  Set<Capability> able(RouteRequest request, Map<ObjectRef, Read> seen) {
    return capabilities();
  }

  @Override
  public final List<ObjectRef> reads(RouteRequest request) {
    var refs = new ArrayList<ObjectRef>();
    refs.add(route(request));
    if (request.routeRef().isEmpty()) {
      refs.addAll(companionRefs(request));
    }
    refs.addAll(alsoRead(request));
    return refs;
  }

  @Override
  public final RouteStatus status(RouteRequest request, Map<ObjectRef, Read> seen) {
    for (var ref : reads(request)) {
      if (read(ref, seen) instanceof Read.Unknown(var reason)) {
        return new RouteStatus.Unknown(ref + " cannot be read: " + reason);
      }
    }
    var problems = problems(request, seen);
    if (!problems.isEmpty()) {
      return new RouteStatus.Unfit(problems);
    }
    return read(route(request), seen)
        .found()
        .map(route -> said(request, route, seen))
        .orElseGet(RouteStatus.Absent::new);
  }

  @Override
  public final List<String> unable(
      RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
    var missing = EnumSet.noneOf(Capability.class);
    missing.addAll(Capability.neededBy(split));
    missing.removeAll(able(request, seen));
    var reasons = new ArrayList<String>();
    for (var capability : missing) {
      reasons.add(
          "provider %s cannot do %s here; leave %s out, or use a provider that can"
              .formatted(name(), capability.inWords(), field(capability)));
    }
    if (reasons.isEmpty() && problems(request, seen).isEmpty()) {
      reasons.addAll(weaving(request).obstacles(rules(request, seen), split));
    }
    return reasons;
  }

  @Override
  public final List<Change> route(
      RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
    if (!(status(request, seen) instanceof RouteStatus.Unknown)
        && problems(request, seen).isEmpty()) {
      var changes = new ArrayList<Change>();
      if (request.routeRef().isEmpty()) {
        for (var companion : companions(request, seen)) {
          changes.addAll(generate(request, companion.ref(), companion.spec(), seen));
        }
      }
      changes.addAll(write(request, split, seen));
      changes.addAll(unwanted(request, seen));
      return changes;
    }
    return List.of();
  }

  @Override
  public final List<Change> letGo(RouteRequest request, Map<ObjectRef, Read> seen) {
    var ref = route(request);
    var found = read(ref, seen).found();
    if (request.routeRef().isPresent()) {
      return found.map(route -> giveBack(request, ref, route)).orElseGet(List::of);
    }
    var changes = new ArrayList<Change>();
    found
        .filter(route -> ours(request, route))
        .ifPresent(
            route ->
                changes.addAll(
                    callersNeedRoute(route)
                        ? leaveBehind(request, ref, route)
                        : delete(ref, route)));
    for (var companion : companionRefs(request)) {
      read(companion, seen)
          .found()
          .filter(object -> ours(request, object))
          .ifPresent(object -> changes.addAll(delete(companion, object)));
    }
    return changes;
  }

  /// The route that is generated or borrowed.
  final ObjectRef route(RouteRequest request) {
    return request
        .routeRef()
        .map(
            borrowed ->
                routeKinds().stream()
                    .filter(kind -> kind.kind().equals(borrowed.kind()))
                    .findFirst()
                    .orElseGet(() -> generatedKind(request))
                    .named(request.namespace(), borrowed.name()))
        .orElseGet(() -> generatedKind(request).named(request.namespace(), request.apex()));
  }

  static Read read(ObjectRef ref, Map<ObjectRef, Read> seen) {
    return seen.getOrDefault(ref, new Read.Unknown("it was not looked at"));
  }

  /// Whether a generated object was made for this Canary.
  static boolean ours(RouteRequest request, ObjectNode object) {
    var metadata = object.path("metadata");
    return metadata.path("annotations").path(Generated.MADE_FOR).asText("").equals(request.canary())
        || Json.objects(metadata, "ownerReferences").stream()
            .anyMatch(owner -> Generated.owns(request, owner));
  }

  private RouteStatus said(RouteRequest request, ObjectNode route, Map<ObjectRef, Read> seen) {
    var ref = route(request);
    var rules = rules(route);
    var weaving = weaving(request);
    var note = Note.on(route);
    if (note.isEmpty()) {
      return request.routeRef().isPresent() && !weaving.isWoven(rules)
          ? new RouteStatus.Absent()
          : new RouteStatus.Drifted(
              ref + " names the canary and does not say why",
              weaving.reachesCanary(rules, Optional.empty()));
    }
    var split = note.get().split();
    if (!says(request, route, note.get())) {
      return new RouteStatus.Drifted(
          ref + " was edited and does not say " + split.inWords() + " any more",
          weaving.reachesCanary(rules, Optional.of(split)));
    }
    if (request.routeRef().isEmpty()) {
      for (var companion : companions(request, seen)) {
        if (!generate(request, companion.ref(), companion.spec(), seen).isEmpty()) {
          return new RouteStatus.Pending(split, companion.ref() + " is not as it should be");
        }
      }
    }
    return switch (acceptance(request, route)) {
      case Acceptance.Taken(var dialect, var settle) ->
          new RouteStatus.Accepted(split, dialect, settle);
      case Acceptance.Waiting(var reason) -> new RouteStatus.Pending(split, reason);
    };
  }

  /// Whether a route says what its note claims.
  private boolean says(RouteRequest request, ObjectNode route, Note note) {
    var rules = rules(route);
    var weaving = weaving(request);
    if (request.routeRef().isPresent()) {
      var plain = weaving.strip(rules, note.split());
      return Json.same(weaving.weave(plain, note.split(), note.session()), rules);
    }
    var spec = generatedSpec(request, note.split(), note.session());
    return note.of().equals(Json.fingerprint(spec)) && Json.covers(spec, route.path("spec"));
  }

  private List<Change> write(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
    var ref = route(request);
    var found = read(ref, seen).found();
    var note = found.flatMap(Note::on);
    var session = session(request, split);
    if (request.routeRef().isEmpty()) {
      var spec = generatedSpec(request, split, session);
      var wanted = new Note(split, session, Json.fingerprint(spec));
      return found
          .map(route -> Generated.repair(request, ref, route, spec, wanted))
          .orElseGet(() -> List.of(Generated.create(request, ref, spec, wanted)));
    }
    var route = found.orElseThrow();
    var weaving = weaving(request);
    var before = note.map(Note::split).orElseGet(TrafficSplit::toStable);
    var woven = weaving.weave(weaving.strip(rules(route), before), split, session);
    return new Edit(ref, route)
        .spec(rulesField(), woven)
        .annotation(Note.ANNOTATION, new Note(split, session, "").text())
        .changes();
  }

  private List<Change> generate(
      RouteRequest request, ObjectRef ref, ObjectNode spec, Map<ObjectRef, Read> seen) {
    var wanted = new Note(TrafficSplit.toStable(), "", Json.fingerprint(spec));
    return read(ref, seen)
        .found()
        .map(object -> Generated.repair(request, ref, object, spec, wanted))
        .orElseGet(() -> List.of(Generated.create(request, ref, spec, wanted)));
  }

  /// Companions from before that are not needed any more.
  private List<Change> unwanted(RouteRequest request, Map<ObjectRef, Read> seen) {
    if (request.routeRef().isPresent()) {
      return List.of();
    }
    var wanted = companions(request, seen).stream().map(Companion::ref).toList();
    var changes = new ArrayList<Change>();
    for (var ref : companionRefs(request)) {
      if (!wanted.contains(ref)) {
        read(ref, seen)
            .found()
            .filter(object -> ours(request, object))
            .ifPresent(object -> changes.addAll(delete(ref, object)));
      }
    }
    return changes;
  }

  private List<Change> giveBack(RouteRequest request, ObjectRef ref, ObjectNode route) {
    var before = Note.on(route).map(Note::split).orElseGet(TrafficSplit::toStable);
    var weaving = weaving(request);
    var rules = rules(route);
    return new Edit(ref, route)
        .spec(rulesField(), weaving.isWoven(rules) ? weaving.strip(rules, before) : rules)
        .withoutAnnotation(Note.ANNOTATION)
        .changes();
  }

  private List<Change> leaveBehind(RouteRequest request, ObjectRef ref, ObjectNode route) {
    var owners =
        Json.objects(route.path("metadata"), "ownerReferences").stream()
            .filter(owner -> !Generated.owns(request, owner))
            .collect(Json.toArray());
    return new Edit(ref, route)
        .spec(rulesField(), asStored(plainRules(request), rules(route)))
        .withoutAnnotation(Note.ANNOTATION)
        .owners(owners)
        .changes();
  }

  /// The stored rules where they say what is wanted, with defaults that the API server put in.
  private static ArrayNode asStored(ArrayNode wanted, ArrayNode stored) {
    return Json.covers(wanted, stored) ? stored : wanted;
  }

  private static List<Change> delete(ObjectRef ref, ObjectNode object) {
    return object.path("metadata").has("deletionTimestamp")
        ? List.of()
        : List.of(new Change.Delete(ref, object.path("metadata").path("uid").asText()));
  }

  private ObjectNode generatedSpec(RouteRequest request, TrafficSplit split, String session) {
    var spec = frame(request);
    spec.set(rulesField(), weaving(request).weave(plainRules(request), split, session));
    return spec;
  }

  private ArrayNode rules(ObjectNode route) {
    return Json.list(route.path("spec"), rulesField());
  }

  /// The rules into which a canary would be woven.
  private ArrayNode rules(RouteRequest request, Map<ObjectRef, Read> seen) {
    if (request.routeRef().isEmpty()) {
      return plainRules(request);
    }
    return read(route(request), seen)
        .found()
        .map(
            route ->
                weaving(request)
                    .strip(
                        rules(route),
                        Note.on(route).map(Note::split).orElseGet(TrafficSplit::toStable)))
        .orElseGet(Json::array);
  }

  /// Whose cookies keep their users: those of the rollout, whatever its route said in between.
  private static String session(RouteRequest request, TrafficSplit split) {
    return split.affinity().isEmpty() ? "" : Json.fingerprint(TextNode.valueOf(request.rollout()));
  }

  private List<String> problems(RouteRequest request, Map<ObjectRef, Read> seen) {
    var problems = new ArrayList<String>();
    request
        .routeRef()
        .filter(borrowed -> routeKinds().stream().noneMatch(k -> k.kind().equals(borrowed.kind())))
        .ifPresent(
            borrowed ->
                problems.add(
                    "spec.service.routeRef.kind is '%s'; provider %s knows %s"
                        .formatted(
                            borrowed.kind(),
                            name(),
                            routeKinds().stream().map(Kind::kind).distinct().toList())));
    if (!problems.isEmpty()) {
      return problems;
    }
    problems.addAll(refusals(request, seen));
    var ref = route(request);
    switch (read(ref, seen)) {
      case Read.NotServed() -> problems.add(notServed(ref));
      case Read.Absent() when request.routeRef().isPresent() ->
          problems.add(
              "spec.service.routeRef names %s, which does not exist; create it, or leave routeRef out to have one generated"
                  .formatted(ref));
      case Read.Found(var route) when request.routeRef().isPresent() -> {
        if (!weaving(request).namesStable(rules(route))) {
          problems.add(
              "%s has no rule that names Service %s; add it as a backend, or leave spec.service.routeRef out"
                  .formatted(ref, request.apex()));
        }
      }
      case Read.Found(var route) when !ours(request, route) -> problems.add(notOurs(ref));
      case Read.Found _, Read.Absent _, Read.Unknown _ -> {}
    }
    if (request.routeRef().isEmpty()) {
      problems.addAll(companionProblems(request, seen));
    }
    return problems;
  }

  private List<String> companionProblems(RouteRequest request, Map<ObjectRef, Read> seen) {
    var problems = new ArrayList<String>();
    for (var companion : companions(request, seen)) {
      switch (read(companion.ref(), seen)) {
        case Read.NotServed() -> problems.add(notServed(companion.ref()));
        case Read.Found(var object) when !ours(request, object) ->
            problems.add(
                "%s exists and was not made by Serin; delete or rename it"
                    .formatted(companion.ref()));
        case Read.Found _, Read.Absent _, Read.Unknown _ -> {}
      }
    }
    return problems;
  }

  private String notServed(ObjectRef ref) {
    return "the cluster does not know the kind %s of %s; %s"
        .formatted(ref.kind().kind(), ref.kind().apiVersion(), installation());
  }

  private static String notOurs(ObjectRef ref) {
    return "%s exists and was not made by Serin; delete or rename it, or lend it by spec.service.routeRef {kind: %s, name: %s}"
        .formatted(ref, ref.kind().kind(), ref.name());
  }

  private static String field(Capability capability) {
    return switch (capability) {
      case MIRROR -> "spec.analysis.mirror";
      case MIRROR_PERCENT -> "spec.analysis.mirrorWeight";
      case MATCH_HEADER, MATCH_COOKIE, MATCH_QUERY, MATCH_SOURCE_LABEL, MATCH_REGEX ->
          "it in spec.analysis.match";
      case AFFINITY -> "spec.analysis.sessionAffinity";
    };
  }
}
