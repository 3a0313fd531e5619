package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// `metadata.resourceVersion`: numbers as text.
final class Revisions {

  private Revisions() {}

  /// @throws ApiException 422 for what is no resourceVersion
  static long parse(String resourceVersion) {
    try {
      return Long.parseUnsignedLong(resourceVersion);
    } catch (NumberFormatException e) {
      var error =
          FieldError.invalid(
              "resourceVersion",
              resourceVersion,
              "strconv.ParseUint: parsing \"%s\": invalid syntax".formatted(resourceVersion));
      throw new ApiException(
          new Status(
              422,
              "Invalid",
              " \"\" is invalid: " + error.message(),
              Status.Subject.NONE,
              List.of(error),
              java.util.Optional.empty()));
    }
  }

  /// The same object with another resourceVersion; shares all but its metadata with the original.
  static ObjectNode at(ObjectNode object, long revision) {
    var copy = Json.object();
    copy.setAll(object);
    var metadata = Json.object();
    metadata.setAll(Meta.of(object));
    metadata.put("resourceVersion", Long.toString(revision));
    copy.set("metadata", metadata);
    return copy;
  }
}
