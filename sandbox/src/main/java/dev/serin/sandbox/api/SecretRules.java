package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Rules of Secrets: `stringData` is only a way to write `data`.
final class SecretRules implements KindRules {

  @Override
  public boolean generations() {
    return false;
  }

  @Override
  public void defaults(ObjectNode object) {
    PodTemplates.preset(object, "type", "Opaque");
    if (object.remove("stringData") instanceof ObjectNode texts) {
      var data = Json.child(object, "data");
      texts.forEachEntry(
          (key, text) ->
              data.put(
                  key,
                  Base64.getEncoder()
                      .encodeToString(text.asText().getBytes(StandardCharsets.UTF_8))));
    }
  }

  @Override
  public void validateUpdate(ObjectNode object, ObjectNode old, List<FieldError> errors) {
    if (!object.path("type").equals(old.path("type"))) {
      errors.add(FieldError.invalid("type", object.path("type"), "field is immutable"));
    }
  }
}
