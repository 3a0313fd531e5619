package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Rules of ControllerRevisions: written once.
final class RevisionRules implements KindRules {

  @Override
  public boolean generations() {
    return false;
  }

  @Override
  public void validateUpdate(ObjectNode object, ObjectNode old, List<FieldError> errors) {
    if (!object.path("data").equals(old.path("data"))) {
      errors.add(FieldError.invalid("data", object.path("data"), "field is immutable"));
    }
  }
}
