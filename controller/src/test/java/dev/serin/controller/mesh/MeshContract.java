package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.Protocol;
import dev.serin.mesh.RouteRequest.RouteRef;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.TrafficSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What every mesh promises. Its objects for every split lie as YAML under
/// `src/test/resources/mesh/<name>/`; `SERIN_GOLDEN=write` in the environment writes them anew.
abstract class MeshContract {
  static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  abstract Mesh mesh();

  /// A Canary whose route is generated.
  abstract RouteRequest generated();

  /// The same Canary with a setting changed that the route says; empty where routes say none.
  Optional<RouteRequest> edited() {
    return Optional.of(Requests.onPort(generated(), 9999));
  }

  /// The kind of the user's route.
  abstract Kind borrowedKind();

  /// A route that a user wrote: several rules, some of which name the Service `shop`, with settings
  /// that Serin knows nothing of.
  abstract ObjectNode borrowedRoute();

  /// Lets the control plane say that it took a route as it is now; without effect where it says
  /// nothing.
  abstract void accept(ObjectNode route);

  final ObjectRef generatedRef() {
    return mesh().reads(generated()).getFirst();
  }

  final RouteRequest borrowing() {
    return Requests.borrowing(generated(), new RouteRef(borrowedKind().kind(), "mine"));
  }

  final ObjectRef borrowedRef() {
    return borrowedKind().named("shop", "mine");
  }

  /// A cluster with the user's route.
  final Shelf lent() {
    return new Shelf().put(borrowedRef(), borrowedRoute());
  }

  @TestFactory
  Stream<DynamicTest> generatedObjectsAreAsWrittenDown() {
    return splits(
        (name, split) -> {
          var shelf = new Shelf();
          shelf.route(mesh(), generated(), split);
          golden("generated-" + name, shelf);
        });
  }

  @TestFactory
  Stream<DynamicTest> borrowedRoutesAreAsWrittenDown() {
    return splits(
        (name, split) -> {
          var shelf = lent();
          shelf.route(mesh(), borrowing(), split);
          golden("borrowed-" + name, shelf);
        });
  }

  @TestFactory
  Stream<DynamicTest> theServerWouldTakeEveryObject() {
    return splits(
        (_, split) -> {
          for (var borrowed : List.of(false, true)) {
            var shelf = borrowed ? lent() : new Shelf();
            shelf.route(mesh(), borrowed ? borrowing() : generated(), split);
            for (var ref : shelf.refs()) {
              assertThat(CrdSchema.problems(ref.kind(), shelf.get(ref))).as("%s", ref).isEmpty();
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theSplitCanBeReadBack() {
    return splits(
        (_, split) -> {
          for (var request : List.of(generated(), borrowing())) {
            var shelf = lent();
            shelf.route(mesh(), request, split);
            accept(shelf.get(mesh().reads(request).getFirst()));
            assertThat(status(shelf, request))
                .isInstanceOfSatisfying(
                    RouteStatus.Accepted.class,
                    accepted -> assertThat(accepted.split()).isEqualTo(split));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> sayingItAgainChangesNothing() {
    return splits(
        (_, split) -> {
          for (var request : List.of(generated(), borrowing())) {
            var shelf = lent();
            assertThat(shelf.route(mesh(), request, split)).isNotEmpty();
            assertThat(shelf.route(mesh(), request, split)).isEmpty();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> everySplitCanFollowEveryOther() {
    return splits(
        (_, first) ->
            Splits.of(mesh())
                .forEach(
                    (_, second) -> {
                      for (var request : List.of(generated(), borrowing())) {
                        var shelf = lent();
                        shelf.route(mesh(), request, first);
                        shelf.route(mesh(), request, second);
                        var direct = lent();
                        direct.route(mesh(), request, second);
                        var ref = mesh().reads(request).getFirst();
                        assertThat(shelf.get(ref).path("spec"))
                            .isEqualTo(direct.get(ref).path("spec"));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> lettingGoGivesBackWhatWasBorrowed() {
    return splits(
        (_, split) -> {
          var shelf = lent();
          var before = shelf.get(borrowedRef()).deepCopy();
          shelf.route(mesh(), borrowing(), split);
          shelf.letGo(mesh(), borrowing());
          var after = shelf.get(borrowedRef());
          assertThat(after.path("spec")).isEqualTo(before.path("spec"));
          assertThat(after.path("metadata").path("annotations"))
              .isEqualTo(before.path("metadata").path("annotations"));
          assertThat(shelf.letGo(mesh(), borrowing())).isEmpty();
        });
  }

  @Test
  void anUntouchedBorrowedRouteIsAbsentAndLetGoOfAtOnce() {
    var shelf = lent();
    assertThat(status(shelf, borrowing())).isEqualTo(new RouteStatus.Absent());
    assertThat(shelf.letGo(mesh(), borrowing())).isEmpty();
  }

  @Test
  void whatStrangersWroteIntoABorrowedRouteSurvives() {
    var shelf = lent();
    shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(30));
    shelf.get(borrowedRef()).withObject("/metadata/labels").put("stranger", "was here");
    shelf.get(borrowedRef()).withObject("/metadata/annotations").put("stranger", "was here");
    shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(60));
    shelf.letGo(mesh(), borrowing());
    var after = shelf.get(borrowedRef());
    assertThat(after.at("/metadata/labels/stranger").asText()).isEqualTo("was here");
    assertThat(after.at("/metadata/annotations/stranger").asText()).isEqualTo("was here");
    assertThat(after.path("spec")).isEqualTo(borrowedRoute().path("spec"));
  }

  @Test
  void metadataOfStrangersOnGeneratedObjectsSurvives() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(30));
    shelf.get(generatedRef()).withObject("/metadata/labels").put("stranger", "was here");
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(60));
    assertThat(shelf.get(generatedRef()).at("/metadata/labels/stranger").asText())
        .isEqualTo("was here");
  }

  @TestFactory
  Stream<DynamicTest> anEditedWeightIsSeenAndRepaired() {
    return splits(
        (_, split) -> {
          for (var request : List.of(generated(), borrowing())) {
            var shelf = lent();
            shelf.route(mesh(), request, split);
            var ref = mesh().reads(request).getFirst();
            accept(shelf.get(ref));
            var wanted = shelf.get(ref).path("spec").deepCopy();
            for (var pointer : ourWeights(shelf.get(ref))) {
              ((ObjectNode) shelf.get(ref).at(pointer)).put("weight", 17);
              assertThat(status(shelf, request)).isInstanceOf(RouteStatus.Drifted.class);
              assertThat(shelf.route(mesh(), request, split)).isNotEmpty();
              assertThat(status(shelf, request)).isNotInstanceOf(RouteStatus.Drifted.class);
              if (request.routeRef().isEmpty()) {
                assertThat(shelf.get(ref).path("spec")).isEqualTo(wanted);
              }
              shelf.get(ref).set("spec", wanted.deepCopy());
            }
          }
        });
  }

  @Test
  void aRouteThatWasWrittenOverIsRepaired() {
    var shelf = lent();
    shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(30));
    var woven = shelf.get(borrowedRef()).path("spec").deepCopy();
    shelf.put(borrowedRef(), borrowedRoute());
    assertThat(status(shelf, borrowing())).isEqualTo(new RouteStatus.Absent());
    shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(30));
    assertThat(shelf.get(borrowedRef()).path("spec")).isEqualTo(woven);
  }

  @Test
  void aNoteThatClaimsWhatTheRulesDoNotSayIsNotBelieved() {
    var shelf = lent();
    shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(30));
    var note = shelf.get(borrowedRef()).at("/metadata/annotations").get(Note.ANNOTATION);
    shelf.put(borrowedRef(), borrowedRoute());
    shelf.get(borrowedRef()).withObject("/metadata/annotations").set(Note.ANNOTATION, note);
    assertThat(status(shelf, borrowing()))
        .isInstanceOfSatisfying(
            RouteStatus.Drifted.class, drifted -> assertThat(drifted.mayReachCanary()).isFalse());
  }

  @Test
  void aRouteIsNotAcceptedForSettingsThatChanged() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(30));
    accept(shelf.get(generatedRef()));
    edited()
        .ifPresent(
            edited -> {
              assertThat(status(shelf, edited))
                  .isInstanceOfSatisfying(
                      RouteStatus.Drifted.class,
                      drifted -> assertThat(drifted.mayReachCanary()).isTrue());
              assertThat(shelf.route(mesh(), edited, TrafficSplit.toCanary(30))).isNotEmpty();
              assertThat(shelf.route(mesh(), edited, TrafficSplit.toCanary(30))).isEmpty();
            });
  }

  /// Whoever edits settings or metadata while traffic is split moves no traffic, not for a moment.
  @TestFactory
  Stream<DynamicTest> settingsThatChangeLeaveTheSplit() {
    return splits(
        (_, split) ->
            edited()
                .ifPresent(
                    edited -> {
                      var shelf = new Shelf();
                      shelf.route(mesh(), generated(), split);
                      var labels = shelf.get(generatedRef()).withObject("/metadata/labels");
                      labels.put("stranger", "was here").remove("team");
                      for (var change : mesh().route(edited, split, shelf.see(mesh(), edited))) {
                        shelf.write(change);
                        assertThat(split(shelf)).isEqualTo(split);
                      }
                      accept(shelf.get(generatedRef()));
                      assertThat(status(shelf, edited)).isInstanceOf(RouteStatus.Accepted.class);
                    }));
  }

  private TrafficSplit split(Shelf shelf) {
    return Note.on(shelf.get(generatedRef())).orElseThrow().split();
  }

  @TestFactory
  Stream<DynamicTest> whatItsUserMakesOfABorrowedRouteIsGivenBack() {
    return splits(
        (_, split) -> {
          var shelf = lent();
          shelf.route(mesh(), borrowing(), split);
          var edited = shelf.get(borrowedRef());
          var own = Json.object().put("kept", "by its user");
          ((ObjectNode) edited.path("spec")).set("x-own", own);
          shelf.put(borrowedRef(), edited);
          shelf.route(mesh(), borrowing(), TrafficSplit.toStable());
          shelf.route(mesh(), borrowing(), split);
          shelf.letGo(mesh(), borrowing());
          var wanted = borrowedRoute();
          ((ObjectNode) wanted.path("spec")).set("x-own", own);
          assertThat(shelf.get(borrowedRef()).path("spec")).isEqualTo(wanted.path("spec"));
        });
  }

  @Test
  void usersAreKeptByTheSameCookieWheneverTheRolloutHasTraffic() {
    for (var split : Splits.of(mesh()).values()) {
      if (split.affinity().isEmpty()) {
        continue;
      }
      var shelf = new Shelf();
      shelf.route(mesh(), generated(), split);
      var first = shelf.get(generatedRef()).path("spec").deepCopy();
      shelf.route(mesh(), generated(), TrafficSplit.toStable());
      shelf.route(mesh(), generated(), split);
      assertThat(shelf.get(generatedRef()).path("spec")).isEqualTo(first);

      shelf.route(mesh(), generated().during("uid-1/2"), split);
      assertThat(shelf.get(generatedRef()).path("spec")).isNotEqualTo(first);
    }
  }

  /// Routes that a person or a program made a mess of, on servers whose schema lets that pass.
  @Test
  void noDamageOfARouteIsAnException() {
    for (var split : List.of(TrafficSplit.toStable(), TrafficSplit.toCanary(30))) {
      for (var request : List.of(generated(), borrowing())) {
        var whole = lent();
        whole.route(mesh(), request, split);
        var ref = mesh().reads(request).getFirst();
        for (var spec : damaged(whole.get(ref).path("spec"))) {
          var seen = new java.util.HashMap<>(whole.see(mesh(), request));
          var route = whole.get(ref).deepCopy();
          route.set("spec", spec);
          seen.put(ref, new Read.Found(route));
          assertThatCode(
                  () -> {
                    mesh().status(request, seen);
                    mesh().unable(request, TrafficSplit.toCanary(10), seen);
                    mesh().route(request, TrafficSplit.toCanary(10), seen);
                    mesh().letGo(request, seen);
                  })
              .as("%s", spec)
              .doesNotThrowAnyException();
        }
      }
    }
  }

  /// The value with each of its parts left out or replaced by something else, one at a time.
  private static List<JsonNode> damaged(JsonNode value) {
    var json = JsonNodeFactory.instance;
    var damaged =
        new ArrayList<JsonNode>(
            List.of(
                json.nullNode(),
                json.textNode("?"),
                json.numberNode(-1),
                json.arrayNode(),
                json.arrayNode().addNull().add("x").add(json.objectNode()),
                json.objectNode()));
    if (value instanceof ObjectNode object) {
      for (var field : object.properties()) {
        damaged.add(object.deepCopy().without(field.getKey()));
        damaged(field.getValue())
            .forEach(part -> damaged.add(object.deepCopy().set(field.getKey(), part)));
      }
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        for (var part : damaged(array.get(i))) {
          var copy = array.deepCopy();
          copy.set(i, part);
          damaged.add(copy);
        }
      }
    }
    return damaged;
  }

  @Test
  void nothingReachesTheCanaryOfASplitToStable() {
    for (var request : List.of(generated(), borrowing())) {
      var shelf = lent();
      for (var split : Splits.of(mesh()).values()) {
        shelf.route(mesh(), request, split);
        shelf.route(mesh(), request, TrafficSplit.toStable());
        var ref = mesh().reads(request).getFirst();
        shelf
            .get(ref)
            .withObject("/metadata/annotations")
            .put(Note.ANNOTATION, new Note(TrafficSplit.toCanary(55), "", "").text());
        assertThat(status(shelf, request))
            .isInstanceOfSatisfying(
                RouteStatus.Drifted.class,
                drifted -> assertThat(drifted.mayReachCanary()).isFalse());
      }
    }
  }

  @Test
  void anObjectThatWeDidNotMakeIsNotTaken() {
    var shelf = new Shelf().put(generatedRef(), borrowedRoute());
    assertThat(problems(shelf, generated()))
        .singleElement()
        .asString()
        .contains(generatedRef().toString(), "was not made by Serin", "routeRef");
    assertThat(shelf.route(mesh(), generated(), TrafficSplit.toCanary(10))).isEmpty();
    assertThat(shelf.letGo(mesh(), generated())).isEmpty();
  }

  @Test
  void aKindThatIsNotInstalledIsSaidWithItsCure() {
    for (var request : List.of(generated(), borrowing())) {
      var shelf = new Shelf();
      mesh().kinds().forEach(shelf::withoutKind);
      assertThat(problems(shelf, request)).anyMatch(problem -> problem.contains("install"));
      assertThat(shelf.route(mesh(), request, TrafficSplit.toCanary(10))).isEmpty();
      assertThat(shelf.letGo(mesh(), request)).isEmpty();
    }
  }

  @Test
  void aRouteThatDoesNotExistCannotBeBorrowed() {
    assertThat(problems(new Shelf(), borrowing()))
        .singleElement()
        .asString()
        .contains(borrowedRef().toString(), "does not exist", "create it");
  }

  @Test
  void aRouteThatDoesNotNameStableCannotBeBorrowed() {
    var elsewhere = Requests.of(borrowing(), "elsewhere");
    assertThat(problems(lent(), elsewhere))
        .singleElement()
        .asString()
        .contains("no rule that names Service elsewhere");
  }

  @Test
  void aKindThatItDoesNotKnowCannotBeBorrowed() {
    var request = Requests.borrowing(generated(), new RouteRef("Ingress", "mine"));
    assertThat(problems(new Shelf(), request))
        .singleElement()
        .asString()
        .contains("routeRef.kind is 'Ingress'", "knows", borrowedKind().kind());
  }

  @Test
  void nothingIsConcludedFromWhatCannotBeRead() {
    for (var request : List.of(generated(), borrowing())) {
      for (var ref : mesh().reads(request)) {
        var seen = new java.util.HashMap<>(lent().see(mesh(), request));
        seen.put(ref, new Read.Unknown("the cache is not filled yet"));
        assertThat(mesh().status(request, seen))
            .isInstanceOfSatisfying(
                RouteStatus.Unknown.class,
                unknown -> assertThat(unknown.reason()).contains("not filled yet"));
        assertThat(mesh().route(request, TrafficSplit.toCanary(10), seen)).isEmpty();
      }
    }
  }

  @Test
  void whatItCannotDoIsSaidBeforehand() {
    var shelf = lent();
    Splits.all()
        .forEach(
            (name, split) -> {
              boolean can = Splits.of(mesh()).containsKey(name);
              for (var request : List.of(generated(), borrowing())) {
                var unable = mesh().unable(request, split, shelf.see(mesh(), request));
                assertThat(unable.isEmpty()).as("%s: %s", name, unable).isEqualTo(can);
              }
            });
  }

  @Test
  void generatedObjectsBelongToTheCanaryAndAreWatched() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toStable());
    assertThat(shelf.refs()).isSubsetOf(mesh().reads(generated()));
    for (var ref : shelf.refs()) {
      assertThat(mesh().kinds()).contains(ref.kind());
      assertThat(shelf.get(ref).at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("uid-1");
      assertThat(shelf.get(ref).at("/metadata/labels/team").asText()).isEqualTo("checkout");
    }
  }

  @Test
  void aCanaryThatWasMadeAgainTakesUpItsRoute() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toStable());
    shelf.letGo(mesh(), generated());
    shelf.route(mesh(), generated(), TrafficSplit.toStable());
    assertThat(shelf.get(generatedRef()).at("/metadata/ownerReferences").size()).isEqualTo(1);
    accept(shelf.get(generatedRef()));
    assertThat(status(shelf, generated())).isInstanceOf(RouteStatus.Accepted.class);
  }

  @Test
  void lettingGoTakesOnlyWhatIsOurs() {
    var shelf = lent();
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(30));
    shelf.letGo(mesh(), generated());
    assertThat(shelf.letGo(mesh(), generated())).isEmpty();
    assertThat(shelf.get(borrowedRef()).path("spec")).isEqualTo(borrowedRoute().path("spec"));
    if (shelf.has(generatedRef())) {
      var left = shelf.get(generatedRef());
      assertThat(left.path("spec").toString()).doesNotContain("shop-canary");
      assertThat(left.at("/metadata/ownerReferences").isMissingNode()).isTrue();
    }
  }

  @Test
  void builtInQueriesNameOnlyVariablesThatAreFilledIn() {
    for (var protocol : Protocol.values()) {
      for (var dialect : mesh().queries(protocol).dialects()) {
        for (var template : templates(dialect)) {
          var known =
              "namespaces|workloads|namespace|stable|target|service|canaryService|port|interval";
          assertThat(template.replaceAll("\\{\\{ (" + known + ") }}", ""))
              .as("%s of %s", template, dialect.name())
              .doesNotContain("{{", "}}");
        }
      }
    }
  }

  final RouteStatus status(Shelf shelf, RouteRequest request) {
    return mesh().status(request, shelf.see(mesh(), request));
  }

  final List<String> problems(Shelf shelf, RouteRequest request) {
    return status(shelf, request) instanceof RouteStatus.Unfit(var problems)
        ? problems
        : List.of("it is fit: " + status(shelf, request));
  }

  static ObjectNode yaml(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<DynamicTest> splits(java.util.function.BiConsumer<String, TrafficSplit> check) {
    return Splits.of(mesh()).entrySet().stream()
        .map(
            e -> DynamicTest.dynamicTest(e.getKey(), () -> check.accept(e.getKey(), e.getValue())));
  }

  private void golden(String name, Shelf shelf) {
    var text = new StringBuilder();
    shelf.refs().stream()
        .sorted(java.util.Comparator.comparing(ObjectRef::toString))
        .forEach(ref -> text.append("---\n").append(write(shelf.get(ref))));
    var file = Path.of("src/test/resources/mesh", mesh().name().replace(':', '-'), name + ".yaml");
    try {
      if ("write".equals(System.getenv("SERIN_GOLDEN"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
      }
      assertThat(text.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String write(ObjectNode object) {
    var shown = object.deepCopy();
    shown.withObjectProperty("metadata").remove(List.of("uid", "generation", "resourceVersion"));
    try {
      return YAML.writeValueAsString(shown);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Pointers to the backends of rules that know the canary.
  private static List<String> ourWeights(ObjectNode route) {
    var found = new ArrayList<String>();
    weights(route.path("spec"), "/spec", found);
    return found;
  }

  private static void weights(JsonNode node, String pointer, List<String> found) {
    if (node.has("weight")) {
      found.add(pointer);
    }
    if (node instanceof ArrayNode array) {
      boolean backends = array.valueStream().anyMatch(item -> item.has("weight"));
      if (backends && !(array.toString().contains("shop-canary") && names(array, "shop"))) {
        return;
      }
      for (int i = 0; i < array.size(); i++) {
        weights(array.get(i), pointer + "/" + i, found);
      }
    } else {
      node.propertyStream()
          .forEach(e -> weights(e.getValue(), pointer + "/" + Json.token(e.getKey()), found));
    }
  }

  private static boolean names(JsonNode node, String name) {
    return node.isTextual()
        ? node.asText().equals(name) || node.asText().startsWith(name + ".")
        : node.valueStream().anyMatch(child -> names(child, name));
  }

  private static List<String> templates(BuiltInQueries.Dialect dialect) {
    var counts = dialect.counts();
    var all = new ArrayList<>(List.of(dialect.successRate(), dialect.latencyP99()));
    all.addAll(counts.requests());
    all.addAll(counts.errors());
    all.addAll(List.of(counts.buckets(), counts.stable(), counts.canary()));
    return all;
  }
}
