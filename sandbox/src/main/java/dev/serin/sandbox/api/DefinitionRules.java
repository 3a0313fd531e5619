package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/// Rules of `CustomResourceDefinition`s: accepted and established as soon as they are valid.
final class DefinitionRules implements KindRules {

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  @Override
  public void defaults(ObjectNode object) {
    var spec = Json.child(object, "spec");
    var names = Json.child(spec, "names");
    PodTemplates.preset(names, "singular", Json.text(names, "kind").toLowerCase(Locale.ROOT));
    PodTemplates.preset(names, "listKind", Json.text(names, "kind") + "List");
    PodTemplates.preset(Json.child(spec, "conversion"), "strategy", "None");
  }

  @Override
  public void creating(ObjectNode object, ApiStore store) {
    establish(object, store);
  }

  @Override
  public void updating(ObjectNode object, ObjectNode old, ApiStore store) {
    if (!object.path("spec").equals(old.path("spec"))) {
      establish(object, store);
    }
  }

  private static void establish(ObjectNode object, ApiStore store) {
    var status = object.putObject("status");
    var now = Meta.time(store.now());
    var conditions = status.putArray("conditions");
    condition(conditions.addObject(), "NamesAccepted", now, "NoConflicts", "no conflicts found");
    condition(
        conditions.addObject(),
        "Established",
        now,
        "InitialNamesAccepted",
        "the initial names have been accepted");
    status.set("acceptedNames", Json.at(object, "spec", "names").deepCopy());
    var stored = status.putArray("storedVersions");
    for (JsonNode version : Json.at(object, "spec", "versions")) {
      if (version.path("storage").asBoolean()) {
        stored.add(Json.text(version, "name"));
      }
    }
  }

  private static void condition(
      ObjectNode condition, String type, String now, String reason, String message) {
    condition
        .put("type", type)
        .put("status", "True")
        .put("lastTransitionTime", now)
        .put("reason", reason)
        .put("message", message);
  }

  @Override
  public void validate(ObjectNode object, List<FieldError> errors) {
    var spec = object.path("spec");
    var expected = Json.text(spec, "names", "plural") + "." + Json.text(spec, "group");
    if (!Meta.name(object).equals(expected)) {
      errors.add(
          FieldError.invalid(
              "metadata.name", Meta.name(object), "must be spec.names.plural+\".\"+spec.group"));
    }
    int storage = 0;
    var versions = spec.path("versions");
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).path("storage").asBoolean()) {
        storage++;
      }
      if (Json.at(versions.get(i), "schema", "openAPIV3Schema").isMissingNode()) {
        errors.add(
            FieldError.required(
                "spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required"));
      }
    }
    if (storage != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              versions,
              "must have exactly one version marked as storage version"));
    }
  }
}
