package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One HTTP request and its answer.
final class Exchange implements AutoCloseable {

  private static final int MAX_BODY = 3 * 1024 * 1024;
  private static final String BEARER = "Bearer ";

  private final HttpExchange http;
  private final Map<String, String> query = new HashMap<>();

  Exchange(HttpExchange http) {
    this.http = http;
    var raw = http.getRequestURI().getRawQuery();
    if (raw != null) {
      for (String part : raw.split("&")) {
        int at = part.indexOf('=');
        query.put(
            decode(at < 0 ? part : part.substring(0, at)),
            at < 0 ? "" : decode(part.substring(at + 1)));
      }
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  String method() {
    return http.getRequestMethod();
  }

  String path() {
    var path = http.getRequestURI().getPath();
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /// A query parameter, "" where it is missing.
  String query(String name) {
    return query.getOrDefault(name, "");
  }

  boolean flag(String name) {
    return query(name).equals("true") || query(name).equals("1");
  }

  Optional<String> bearerToken() {
    return Optional.ofNullable(http.getRequestHeaders().getFirst("Authorization"))
        .filter(header -> header.startsWith(BEARER))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  boolean wantsWebSocket() {
    return header("Upgrade").equalsIgnoreCase("websocket");
  }

  String header(String name) {
    var value = http.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  /// The media type of the body, without parameters.
  String contentType() {
    var type = header("Content-Type").toLowerCase(Locale.ROOT);
    int at = type.indexOf(';');
    return (at < 0 ? type : type.substring(0, at)).strip();
  }

  /// The name of the client program, as managers of fields are called that do not name themselves.
  String program() {
    var agent = header("User-Agent");
    int at = agent.indexOf('/');
    return at < 0 ? agent : agent.substring(0, at);
  }

  /// The body as JSON; missing where it is empty.
  ///
  /// @throws ApiException 400 or 415 when it cannot be read
  JsonNode body() throws IOException {
    var bytes = http.getRequestBody().readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw new ApiException(
          new Status(
              413,
              "RequestEntityTooLarge",
              "Request entity too large: limit is " + MAX_BODY,
              Status.Subject.NONE));
    }
    var text = new String(bytes, StandardCharsets.UTF_8);
    var type = contentType();
    if (type.contains("protobuf") || type.contains("cbor")) {
      throw ApiException.unsupportedMediaType("application/json, application/yaml");
    }
    return type.contains("yaml") && !text.stripLeading().startsWith("{")
        ? Yaml.parse(text)
        : Json.parse(text);
  }

  ObjectNode bodyObject() throws IOException {
    if (body() instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the body of the request must be an object");
  }

  void answer(int code, JsonNode body) throws IOException {
    answer(code, "application/json", Json.bytes(body));
  }

  void answerText(String text) throws IOException {
    answer(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(int code, String type, byte[] body) throws IOException {
    http.getResponseHeaders().set("Content-Type", type);
    http.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      http.getResponseBody().write(body);
    }
  }

  void refuse(Status status) {
    try {
      status
          .retryAfterSeconds()
          .ifPresent(s -> http.getResponseHeaders().set("Retry-After", Integer.toString(s)));
      answer(status.code(), status.toJson());
    } catch (IOException e) {
      cut();
    }
  }

  /// Starts an answer that has no end yet.
  OutputStream stream() throws IOException {
    http.getResponseHeaders().set("Content-Type", "application/json");
    http.sendResponseHeaders(200, 0);
    return http.getResponseBody();
  }

  /// Closes the connection without an answer.
  void cut() {
    http.close();
  }

  @Override
  public void close() {
    http.close();
  }
}
