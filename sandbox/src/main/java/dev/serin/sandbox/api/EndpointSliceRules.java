package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Rules of EndpointSlices: they have no spec, so any change of their content counts.
final class EndpointSliceRules implements KindRules {

  @Override
  public boolean specChanged(ObjectNode object, ObjectNode old) {
    return !object.path("endpoints").equals(old.path("endpoints"))
        || !object.path("ports").equals(old.path("ports"))
        || !object.path("metadata").path("labels").equals(old.path("metadata").path("labels"));
  }

  @Override
  public void defaults(ObjectNode object) {
    PodTemplates.each(
        object.path("ports"),
        port -> {
          if (!port.has("name")) {
            port.put("name", "");
          }
          PodTemplates.preset(port, "protocol", "TCP");
        });
    if (!object.has("endpoints")) {
      object.putArray("endpoints");
    }
  }

  @Override
  public void validate(ObjectNode object, List<FieldError> errors) {
    if (Json.text(object, "addressType").isEmpty()) {
      errors.add(FieldError.required("addressType", ""));
    }
  }

  @Override
  public void validateUpdate(ObjectNode object, ObjectNode old, List<FieldError> errors) {
    if (!object.path("addressType").equals(old.path("addressType"))) {
      errors.add(
          FieldError.invalid("addressType", object.path("addressType"), "field is immutable"));
    }
  }
}
