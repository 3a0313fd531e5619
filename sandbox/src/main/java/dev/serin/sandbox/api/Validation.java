package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Writer.Target;
import java.util.ArrayList;
import java.util.List;

/// Finds all that is wrong with an object that shall be stored.
final class Validation {

  private static final int MAX_ANNOTATIONS = 256 * 1024;

  private Validation() {}

  static void create(Target target, ObjectNode object, List<FieldError> errors) {
    metadata(target, object, errors);
    if (target.version().custom()) {
      SchemaValidation.validate(target.version().schema(), object, null, errors);
      CelValidation.validate(target.version().schema(), object, null, errors);
    }
    target.stored().rules().validate(object, errors);
  }

  static void update(Target target, ObjectNode object, ObjectNode old, List<FieldError> errors) {
    metadata(target, object, errors);
    finalizers(object, old, errors);
    if (object.path("metadata").has("deletionTimestamp") && !Meta.terminating(old)) {
      errors.add(
          FieldError.invalid(
              "metadata.deletionTimestamp",
              object.path("metadata").path("deletionTimestamp"),
              "field is immutable"));
    }
    if (target.version().custom()) {
      SchemaValidation.validate(target.version().schema(), object, old, errors);
      CelValidation.validate(target.version().schema(), object, old, errors);
    }
    if (target.subresource() != Subresource.STATUS) {
      target.stored().rules().validate(object, errors);
      target.stored().rules().validateUpdate(object, old, errors);
    }
  }

  private static void metadata(Target target, ObjectNode object, List<FieldError> errors) {
    var name = Meta.name(object);
    switch (target.stored().qualified()) {
      case "services" -> check(Names.isServiceName(name), name, Names.SERVICE_RULE, errors);
      case "namespaces" -> check(Names.isLabel(name), name, Names.LABEL_RULE, errors);
      case "roles.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io",
          "rolebindings.rbac.authorization.k8s.io",
          "clusterrolebindings.rbac.authorization.k8s.io" ->
          check(Names.isPathSegment(name), name, Names.PATH_SEGMENT_RULE, errors);
      default -> check(Names.isSubdomain(name), name, Names.SUBDOMAIN_RULE, errors);
    }
    var metadata = object.path("metadata");
    labels(metadata.path("labels"), "metadata.labels", errors);
    annotations(metadata.path("annotations"), errors);
    owners(metadata.path("ownerReferences"), errors);
    for (JsonNode finalizer : metadata.path("finalizers")) {
      if (!Names.isQualified(finalizer.asText())) {
        errors.add(FieldError.invalid("metadata.finalizers", finalizer, Names.QUALIFIED_RULE));
      }
    }
  }

  private static void check(boolean good, String name, String rule, List<FieldError> errors) {
    if (!good) {
      errors.add(FieldError.invalid("metadata.name", name, rule));
    }
  }

  static void labels(JsonNode labels, String path, List<FieldError> errors) {
    labels.forEachEntry(
        (key, value) -> {
          if (!Names.isQualified(key)) {
            errors.add(FieldError.invalid(path, key, Names.QUALIFIED_RULE));
          }
          if (value.asText().length() > Names.MAX_LABEL) {
            errors.add(FieldError.invalid(path, value, "must be no more than 63 bytes"));
          } else if (!Names.isLabelValue(value.asText())) {
            errors.add(FieldError.invalid(path, value, Names.LABEL_VALUE_RULE));
          }
        });
  }

  private static void annotations(JsonNode annotations, List<FieldError> errors) {
    var size = new int[1];
    annotations.forEachEntry(
        (key, value) -> {
          if (!Names.isQualified(key.toLowerCase(java.util.Locale.ROOT))) {
            errors.add(FieldError.invalid("metadata.annotations", key, Names.QUALIFIED_RULE));
          }
          size[0] += key.length() + value.asText().length();
        });
    if (size[0] > MAX_ANNOTATIONS) {
      errors.add(FieldError.tooLong("metadata.annotations", MAX_ANNOTATIONS));
    }
  }

  private static void owners(JsonNode owners, List<FieldError> errors) {
    int controllers = 0;
    for (JsonNode owner : owners) {
      for (String field : new String[] {"apiVersion", "kind", "name", "uid"}) {
        if (Json.text(owner, field).isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences." + field,
                  owner.path(field),
                  field.equals("apiVersion")
                      ? "version must not be empty"
                      : (field.equals("uid") ? "uid" : field) + " must not be empty"));
        }
      }
      controllers += owner.path("controller").asBoolean() ? 1 : 0;
    }
    if (controllers > 1) {
      errors.add(
          FieldError.invalid(
              "metadata.ownerReferences",
              owners,
              "Only one reference can have Controller set to true."));
    }
  }

  private static void finalizers(ObjectNode object, ObjectNode old, List<FieldError> errors) {
    if (!Meta.terminating(old)) {
      return;
    }
    var added = new ArrayList<>(Meta.finalizers(object));
    added.removeAll(Meta.finalizers(old));
    if (!added.isEmpty()) {
      var shown =
          String.join(", ", added.stream().distinct().sorted().map(f -> '"' + f + '"').toList());
      errors.add(
          FieldError.forbidden(
              "metadata.finalizers",
              "no new finalizers can be added if the object is being deleted, found new finalizers"
                  + " []string{"
                  + shown
                  + "}"));
    }
  }
}
