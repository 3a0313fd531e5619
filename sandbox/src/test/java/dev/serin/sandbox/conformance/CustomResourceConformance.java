package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.APPLY;
import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.STRATEGIC;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.conformance.Calls.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Kinds that a definition brings: schema, defaults, pruning, rules, subresources, versions.
abstract class CustomResourceConformance extends ApiConformance {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.conformance.dev}
      spec:
        group: conformance.dev
        scope: Namespaced
        names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wd]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.count, statusReplicasPath: .status.count}
          additionalPrinterColumns:
          - {name: Count, type: integer, jsonPath: .spec.count}
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  required: [name]
                  x-kubernetes-validations:
                  - {rule: "!has(self.low) || !has(self.high) || self.low <= self.high", message: low must not be above high}
                  - {rule: "self.name == oldSelf.name", message: name is immutable, fieldPath: .name}
                  properties:
                    name: {type: string, minLength: 1, maxLength: 8, pattern: "^[a-z]+$"}
                    count: {type: integer, minimum: 0, maximum: 10, default: 1}
                    low: {type: integer}
                    score: {type: integer, minimum: 0}
                    high: {type: integer}
                    ratio: {type: number, exclusiveMinimum: true, minimum: 0}
                    mode: {type: string, enum: [fast, slow], default: slow}
                    port: {x-kubernetes-int-or-string: true}
                    when: {type: string, format: date-time}
                    nothing: {type: string, nullable: true}
                    free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    labels: {type: object, additionalProperties: {type: string}}
                    tags: {type: array, items: {type: string}, x-kubernetes-list-type: set, maxItems: 3}
                    once:
                      type: string
                      maxLength: 20
                      x-kubernetes-validations:
                      - {rule: self == oldSelf, message: once is immutable, reason: FieldValueForbidden}
                    items:
                      type: array
                      maxItems: 10
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [id]
                      items:
                        type: object
                        required: [id]
                        x-kubernetes-validations:
                        - {rule: "self.size < 100", messageExpression: "self.id + ' is too large'"}
                        properties:
                          id: {type: string, maxLength: 20}
                          size: {type: integer, default: 5}
                    plain:
                      type: array
                      items: {type: object, properties: {a: {type: string}, b: {type: string}}}
                status:
                  type: object
                  properties:
                    count: {type: integer}
                    phase: {type: string}
                    conditions:
                      type: array
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [type]
                      items:
                        type: object
                        required: [type, status]
                        properties: {type: {type: string}, status: {type: string}, reason: {type: string}}
        - name: v1alpha1
          served: true
          storage: false
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec: {type: object, properties: {name: {type: string}, count: {type: integer}, old: {type: string}}}
      """;

  @BeforeEach
  void define() {
    var applied =
        api.patch(
            APPLY,
            DEFINITIONS + "/widgets.conformance.dev?fieldManager=conformance&force=true",
            DEFINITION);
    assertThat(applied.code()).as(applied.message()).isIn(200, 201);
    eventually(
        () ->
            api.post(
                widgets("") + "?dryRun=All",
                "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}, spec: {name:"
                    + " abc, score: -1}}"),
        answer -> answer.code() == 422);
  }

  private String widgets(String name) {
    return "/apis/conformance.dev/v1/namespaces/"
        + namespace
        + "/widgets"
        + (name.isEmpty() ? "" : "/" + name);
  }

  private Answer widget(String name, String spec) {
    return api.post(
        widgets(""),
        "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: %s}, spec: %s}"
            .formatted(name, spec));
  }

  private static String message(String problem) {
    return "Widget.conformance.dev \"w\" is invalid: " + problem;
  }

  private void refusesUnasked(String spec, String problem) {
    refuses(
        spec,
        "["
            + problem
            + ", <nil>: Invalid value: null: some validation rules were not checked because the"
            + " object was invalid; correct the existing errors to complete validation]");
  }

  private void refuses(String spec, String problem) {
    var answer = widget("w", spec);
    assertThat(answer.code()).as(spec).isEqualTo(422);
    assertThat(answer.message()).isEqualTo(message(problem));
  }

  @Test
  void aDefinitionIsEstablished() {
    var definition = api.get(DEFINITIONS + "/widgets.conformance.dev");
    assertThat(definition.at("status", "conditions"))
        .anySatisfy(
            condition -> {
              assertThat(condition.path("type").asText()).isEqualTo("Established");
              assertThat(condition.path("status").asText()).isEqualTo("True");
            });
    assertThat(definition.at("status", "storedVersions")).isEqualTo(yaml("[v1]"));
    assertThat(definition.text("spec", "names", "listKind")).isEqualTo("WidgetList");
    var resources = api.get("/apis/conformance.dev/v1").at("resources");
    assertThat(resources.get(0).path("kind").asText()).isEqualTo("Widget");
    assertThat(resources.get(0).path("shortNames")).isEqualTo(yaml("[wd]"));
  }

  @Test
  void whatIsLeftOutIsFilledAndWhatIsUnknownIsDropped() {
    var made =
        widget(
            "w",
            "{name: abc, unknown: 1, free: {a: {b: 1}}, labels: {x: y}, items: [{id: a, no: 1}],"
                + " plain: [{a: x, z: 1}], nothing: null}");
    assertThat(made.code()).as(made.message()).isEqualTo(201);
    assertThat(made.at("spec"))
        .isEqualTo(
            yaml(
                "{name: abc, count: 1, mode: slow, free: {a: {b: 1}}, labels: {x: y}, items: [{id:"
                    + " a, size: 5}], plain: [{a: x}], nothing: null}"));
    assertThat(made.at("metadata", "generation").asInt()).isEqualTo(1);
    assertThat(made.body().has("status")).isFalse();
  }

  @Test
  void strictValidationNamesUnknownFields() {
    var answer =
        api.post(
            widgets("") + "?fieldValidation=Strict",
            "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}, spec: {name: abc,"
                + " unknown: 1}}");
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message()).contains("strict decoding error: unknown field \"spec.unknown\"");
  }

  @Test
  void typesAreChecked() {
    refusesUnasked(
        "{name: abc, low: many}",
        "spec.low: Invalid value: \"string\": spec.low in body must be of type integer:"
            + " \"string\"");
    refusesUnasked(
        "{name: abc, labels: {a: 1}}",
        "spec.labels.a: Invalid value: \"integer\": spec.labels.a in body must be of type string:"
            + " \"integer\"");
    refusesUnasked(
        "{name: abc, port: []}",
        "spec.port: Invalid value: \"array\": spec.port in body must be of type integer,string:"
            + " \"array\"");
  }

  @Test
  void nullIsNoValueUnlessTheFieldMayBeNull() {
    var made = widget("w", "{name: abc, mode: null, low: null, nothing: null}");
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.at("spec")).isEqualTo(yaml("{name: abc, count: 1, mode: slow, nothing: null}"));
  }

  @Test
  void boundsAreChecked() {
    refuses(
        "{name: abc, count: 11}",
        "spec.count: Invalid value: 11: spec.count in body should be less than or equal to 10");
    refuses(
        "{name: abc, score: -1}",
        "spec.score: Invalid value: -1: spec.score in body should be greater than or equal to 0");
    refuses(
        "{name: abc, ratio: 0}",
        "spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0");
    refusesUnasked("{name: abcabcabc}", "spec.name: Too long: may not be more than 8 bytes");
    refuses(
        "{name: ABC}",
        "spec.name: Invalid value: \"ABC\": spec.name in body should match '^[a-z]+$'");
    refusesUnasked(
        "{name: abc, mode: other}",
        "spec.mode: Unsupported value: \"other\": supported values: \"fast\", \"slow\"");
    refusesUnasked(
        "{name: abc, when: yesterday}",
        "spec.when: Invalid value: \"yesterday\": spec.when in body must be of type date-time:"
            + " \"yesterday\"");
    refuses("{name: abc, tags: [a, a]}", "spec.tags[1]: Duplicate value: \"a\"");
    refuses(
        "{name: abc, items: [{id: a}, {id: a}]}", "spec.items[1]: Duplicate value: {\"id\":\"a\"}");
  }

  @Test
  void whatIsRequiredIsNamedAndStopsTheRules() {
    var answer = widget("w", "{low: 2, high: 1}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .contains("spec.name: Required value")
        .contains("some validation rules were not checked");
    var item = widget("w", "{name: abc, items: [{size: 1}]}");
    assertThat(item.message()).contains("spec.items[0].id: Required value");
    var tags = widget("w", "{name: abc, tags: [a, b, c, d]}");
    assertThat(tags.message()).contains("spec.tags: Too many: 4: must have at most 3 items");
  }

  @Test
  void rulesAreChecked() {
    var answer = widget("w", "{name: abc, low: 2, high: 1}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(message("spec: Invalid value: low must not be above high"));
    assertThat(widget("w", "{name: abc, low: 1}").code()).isEqualTo(201);
  }

  @Test
  void aRuleMayWordItsMessage() {
    var answer = widget("w", "{name: abc, items: [{id: a, size: 100}]}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message()).isEqualTo(message("spec.items[0]: Invalid value: a is too large"));
  }

  @Test
  void transitionRulesCompareWithTheFormerObject() {
    assertThat(widget("w", "{name: abc, once: x}").code()).isEqualTo(201);
    var renamed = api.patch(MERGE, widgets("w"), "{spec: {name: xyz}}");
    assertThat(renamed.code()).isEqualTo(422);
    assertThat(renamed.message()).isEqualTo(message("spec.name: Invalid value: name is immutable"));
    var once = api.patch(MERGE, widgets("w"), "{spec: {once: y}}");
    assertThat(once.message()).isEqualTo(message("spec.once: Forbidden: once is immutable"));
    assertThat(api.patch(MERGE, widgets("w"), "{spec: {once: null}}").code()).isEqualTo(200);
  }

  @Test
  void aReplacementNeedsAResourceVersion() {
    var object = widget("w", "{name: abc}").object();
    ((ObjectNode) object.path("metadata")).remove("resourceVersion");
    var answer = api.put(widgets("w"), object);
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(
            "widgets.conformance.dev \"w\" is invalid: metadata.resourceVersion: Invalid value: 0:"
                + " must be specified for an update");
    assertThat(answer.text("details", "kind")).isEqualTo("widgets");
  }

  @Test
  void aStrategicPatchIsNotForCustomResources() {
    widget("w", "{name: abc}");
    assertThat(api.patch(STRATEGIC, widgets("w"), "{spec: {count: 2}}").code()).isEqualTo(415);
  }

  @Test
  void statusIsASubresource() {
    var made = widget("w", "{name: abc}");
    var ignored = api.patch(MERGE, widgets("w"), "{status: {phase: Good}}");
    assertThat(ignored.body().has("status")).isFalse();
    assertThat(ignored.rv()).isEqualTo(made.rv());
    var written =
        api.patch(
            MERGE,
            widgets("w") + "/status",
            "{metadata: {labels: {a: b}}, spec: {count: 5}, status: {phase: Good, unknown: x}}");
    assertThat(written.code()).isEqualTo(200);
    assertThat(written.at("status")).isEqualTo(yaml("{phase: Good}"));
    assertThat(written.at("spec", "count").asInt()).isEqualTo(1);
    assertThat(written.at("metadata").has("labels")).isFalse();
    assertThat(written.at("metadata", "generation").asInt()).isEqualTo(1);
    var bad = api.patch(MERGE, widgets("w") + "/status", "{status: {phase: 1}}");
    assertThat(bad.code()).isEqualTo(422);
    var stale = made.object();
    stale.putObject("status").put("phase", "Old");
    assertThat(api.put(widgets("w") + "/status", stale).code()).isEqualTo(409);
    var same = api.patch(MERGE, widgets("w") + "/status", "{status: {phase: Good}}");
    assertThat(same.rv()).isEqualTo(written.rv());
  }

  @Test
  void generationCountsAllButMetadataAndStatus() {
    widget("w", "{name: abc}");
    assertThat(
            api.patch(MERGE, widgets("w"), "{metadata: {annotations: {a: b}}}")
                .at("metadata", "generation")
                .asInt())
        .isEqualTo(1);
    assertThat(
            api.patch(MERGE, widgets("w"), "{spec: {count: 2}}")
                .at("metadata", "generation")
                .asInt())
        .isEqualTo(2);
  }

  @Test
  void scaleIsASubresource() {
    widget("w", "{name: abc, count: 4}");
    var scale = api.get(widgets("w") + "/scale");
    assertThat(scale.code()).isEqualTo(200);
    assertThat(scale.at("spec", "replicas").asInt()).isEqualTo(4);
    api.patch(MERGE, widgets("w") + "/scale", "{spec: {replicas: 6}}");
    assertThat(api.get(widgets("w")).at("spec", "count").asInt()).isEqualTo(6);
  }

  @Test
  void anObjectIsServedInAllVersions() {
    widget("w", "{name: abc, low: 1}");
    var old = api.get(widgets("w").replace("/v1/", "/v1alpha1/"));
    assertThat(old.code()).isEqualTo(200);
    assertThat(old.text("apiVersion")).isEqualTo("conformance.dev/v1alpha1");
    assertThat(old.text("spec", "name")).isEqualTo("abc");
  }

  @Test
  void listsWithKeysAreOwnedByKey() {
    var one =
        api.patch(
            APPLY,
            widgets("w") + "?fieldManager=one",
            "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}, spec: {name: abc,"
                + " items: [{id: a}], plain: [{a: x}], tags: [x]}}");
    assertThat(one.code()).as(one.message()).isEqualTo(201);
    var two =
        api.patch(
            APPLY,
            widgets("w") + "?fieldManager=two",
            "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}, spec: {items:"
                + " [{id: b, size: 7}], tags: [y]}}");
    assertThat(two.code()).as(two.message()).isEqualTo(200);
    assertThat(two.at("spec", "items")).isEqualTo(yaml("[{id: a, size: 5}, {id: b, size: 7}]"));
    assertThat(two.at("spec", "tags")).isEqualTo(yaml("[x, y]"));
    for (var owner : two.at("metadata", "managedFields")) {
      if (owner.path("manager").asText().equals("two")) {
        assertThat(owner.path("fieldsV1"))
            .isEqualTo(
                yaml(
                    "{'f:spec': {'f:items': {'k:{\"id\":\"b\"}': {.: {}, 'f:id': {}, 'f:size':"
                        + " {}}}, 'f:tags': {'v:\"y\"': {}}}}"));
      }
    }
    var atomic =
        api.patch(
            APPLY,
            widgets("w") + "?fieldManager=two",
            "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}, spec: {plain: [{b:"
                + " y}]}}");
    assertThat(atomic.code()).isEqualTo(409);
    assertThat(atomic.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .spec.plain");
    var left =
        api.patch(
            APPLY,
            widgets("w") + "?fieldManager=two",
            "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}}");
    assertThat(left.at("spec", "items")).isEqualTo(yaml("[{id: a, size: 5}]"));
    assertThat(left.at("spec", "tags")).isEqualTo(yaml("[x]"));
  }

  @Test
  void aCreationOwnsAllThatItWrote() {
    var made = widget("w", "{name: abc, items: [{id: a}]}");
    assertThat(made.at("metadata", "managedFields").get(0).path("fieldsV1"))
        .isEqualTo(
            yaml(
                "{'f:spec': {.: {}, 'f:count': {}, 'f:items': {.: {}, 'k:{\"id\":\"a\"}': {.: {},"
                    + " 'f:id': {}, 'f:size': {}}}, 'f:mode': {}, 'f:name': {}}}"));
  }

  @Test
  void anUnknownFieldOfACustomResourceCannotBeApplied() {
    var answer =
        api.patch(
            APPLY,
            widgets("w") + "?fieldManager=one",
            "{apiVersion: conformance.dev/v1, kind: Widget, metadata: {name: w}, spec: {name: abc,"
                + " unknown: 1}}");
    assertThat(answer.code()).isEqualTo(500);
    assertThat(answer.message()).contains(".spec.unknown: field not declared in schema");
  }

  @Test
  void whatWasWrongBeforeAndDoesNotChangeIsLetPass() {
    var name = "gadgets" + namespace + ".conformance.dev";
    var plural = "gadgets" + namespace;
    var definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %1$s.conformance.dev}
        spec:
          group: conformance.dev
          scope: Namespaced
          names: {kind: Gadget%2$s, plural: %1$s}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {a: {type: string%3$s}, b: {type: string}}}}}}
        """;
    var made = api.post(DEFINITIONS, definition.formatted(plural, namespace, ""));
    assertThat(made.code()).as(made.message()).isEqualTo(201);
    var path = "/apis/conformance.dev/v1/namespaces/" + namespace + "/" + plural;
    eventually(() -> api.get(path), answer -> answer.code() == 200);
    var object =
        "{apiVersion: conformance.dev/v1, kind: Gadget%s, metadata: {name: g}, spec: {a: long}}"
            .formatted(namespace);
    assertThat(eventually(() -> api.post(path, object), a -> a.code() == 201).code())
        .isEqualTo(201);
    api.patch(
        MERGE,
        DEFINITIONS + "/" + name,
        "{spec: %s}"
            .formatted(
                yaml(definition.formatted(plural, namespace, ", maxLength: 2")).path("spec")));
    eventually(
        () -> api.patch(MERGE, path + "/g?dryRun=All", "{spec: {a: longer}}"),
        answer -> answer.code() == 422);
    assertThat(api.patch(MERGE, path + "/g", "{spec: {b: x}}").code()).isEqualTo(200);
    api.delete(DEFINITIONS + "/" + name);
    eventually(() -> api.get(path), answer -> answer.code() == 404);
  }

  @Test
  void aDefinitionMustBeNamedAfterItsKind() {
    var answer =
        api.post(
            DEFINITIONS,
            DEFINITION.replace(
                "metadata: {name: widgets.conformance.dev}",
                "metadata: {name: others.conformance.dev}"));
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .contains(
            "metadata.name: Invalid value: \"others.conformance.dev\": must be"
                + " spec.names.plural+\".\"+spec.group");
  }
}
