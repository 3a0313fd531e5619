package dev.serin.controller.cluster;

import java.time.Duration;

/// One request to the API server.
///
/// @param method HTTP method
/// @param path path and query, from the leading slash
/// @param contentType of the body; empty when there is none
/// @param body JSON text; empty when there is none
/// @param accept media types that are understood
/// @param deadline the longest that the whole exchange may take
record Call(
    String method, String path, String contentType, String body, String accept, Duration deadline) {

  static final String JSON = "application/json";
  static final String APPLY = "application/apply-patch+yaml";
  static final String MERGE_PATCH = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";

  static Call get(String path, Duration deadline) {
    return new Call("GET", path, "", "", JSON, deadline);
  }

  static Call get(String path, String accept, Duration deadline) {
    return new Call("GET", path, "", "", accept, deadline);
  }

  static Call with(String method, String path, String contentType, String body, Duration deadline) {
    return new Call(method, path, contentType, body, JSON, deadline);
  }
}
