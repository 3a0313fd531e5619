package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.io.IOException;
import java.util.Optional;

/// Answers one request about objects of a kind.
final class ResourceHandler {

  private static final String PATCH_TYPES =
      "application/json-patch+json, application/merge-patch+json,"
          + " application/strategic-merge-patch+json, application/apply-patch+yaml";

  private final ApiClient api;
  private final Route route;
  private final Exchange exchange;
  private final WatchStreams watches;
  private final StoredKind stored;
  private final StoredKind.Version version;
  private final Kind kind;
  private final Subresource subresource;
  private final Rendering rendering;

  ResourceHandler(
      ApiStore store, Caller caller, Route route, Exchange exchange, WatchStreams watches) {
    api = store.as(caller);
    this.route = route;
    this.exchange = exchange;
    this.watches = watches;
    store.lock().lock();
    try {
      var served =
          store
              .registry()
              .byPath(route.group(), route.version(), route.resource())
              .orElseThrow(ApiException::unknownPath);
      stored = served.stored();
      version = served.version();
    } finally {
      store.lock().unlock();
    }
    kind = version.kind();
    subresource = subresource();
    rendering = Rendering.of(exchange.header("Accept"), version, store);
  }

  private Subresource subresource() {
    return switch (route.subresource()) {
      case "" -> Subresource.NONE;
      case "status" -> {
        if (!version.status()) {
          throw ApiException.unknownPath();
        }
        yield Subresource.STATUS;
      }
      case "scale" -> {
        if (version.scale().isEmpty()) {
          throw ApiException.unknownPath();
        }
        yield Subresource.SCALE;
      }
      default -> throw ApiException.unknownPath();
    };
  }

  void handle() throws IOException {
    boolean one = !route.name().isEmpty();
    switch (exchange.method()) {
      case "GET" -> {
        if (one) {
          exchange.answer(200, rendering.one(get()));
        } else if (exchange.flag("watch")) {
          watch();
        } else {
          exchange.answer(200, rendering.list(api.list(kind, listOptions())));
        }
      }
      case "POST" -> {
        if (one) {
          throw ApiException.methodNotAllowed();
        }
        var made = api.create(kind, route.namespace(), exchange.bodyObject(), writeOptions());
        exchange.answer(201, rendering.one(made));
      }
      case "PUT" -> {
        requireName(one);
        var written =
            api.update(
                kind,
                route.namespace(),
                route.name(),
                exchange.bodyObject(),
                subresource,
                writeOptions());
        exchange.answer(200, rendering.one(written));
      }
      case "PATCH" -> {
        requireName(one);
        patch();
      }
      case "DELETE" -> delete(one);
      default -> throw ApiException.methodNotAllowed();
    }
  }

  private static void requireName(boolean one) {
    if (!one) {
      throw ApiException.methodNotAllowed();
    }
  }

  private ObjectNode get() {
    return subresource == Subresource.SCALE
        ? api.getScale(kind, route.namespace(), route.name())
        : api.get(kind, route.namespace(), route.name());
  }

  private void patch() throws IOException {
    var body = exchange.body();
    var type = exchange.contentType();
    boolean apply = type.equals("application/apply-patch+yaml");
    var patch =
        switch (type) {
          case "application/json-patch+json" -> new Patch.Operations(body);
          case "application/merge-patch+json" -> new Patch.Merge(object(body));
          case "application/strategic-merge-patch+json" -> new Patch.Strategic(object(body));
          case "application/apply-patch+yaml" -> new Patch.Apply(object(body));
          default -> throw ApiException.unsupportedMediaType(PATCH_TYPES);
        };
    if (apply && exchange.query("fieldManager").isEmpty()) {
      throw badOptions(FieldError.required("fieldManager", "is required for apply patch"));
    }
    if (!apply && exchange.flag("force")) {
      throw badOptions(FieldError.forbidden("force", "may not be specified for non-apply patch"));
    }
    boolean existed =
        !apply || api.store().exists(stored, new ObjectKey(route.namespace(), route.name()));
    var patched =
        api.patch(kind, route.namespace(), route.name(), patch, subresource, writeOptions());
    exchange.answer(existed ? 200 : 201, rendering.one(patched));
  }

  private static ObjectNode object(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("error decoding patch: it must be an object");
  }

  private static ApiException badOptions(FieldError error) {
    return ApiException.invalid(
        new Kind("meta.k8s.io", "v1", "PatchOptions", "patchoptions", false),
        "",
        java.util.List.of(error));
  }

  private void delete(boolean one) throws IOException {
    if (!one) {
      exchange.answer(200, rendering.list(api.deleteAll(kind, listOptions(), deleteOptions())));
      return;
    }
    var deleted = api.delete(kind, route.namespace(), route.name(), deleteOptions());
    if (deleted.gone() && !returnsObject()) {
      var status =
          new Status(
              200,
              "",
              "",
              new Status.Subject(
                  kind.group(), kind.plural(), route.name(), Meta.uid(deleted.object())));
      var json = status.toJson();
      json.remove("code");
      exchange.answer(200, json);
    } else {
      exchange.answer(200, rendering.one(deleted.object()));
    }
  }

  /// Some kinds answer a deletion with what was deleted.
  private boolean returnsObject() {
    return switch (stored.qualified()) {
      case "pods", "services", "serviceaccounts", "persistentvolumeclaims" -> true;
      default -> false;
    };
  }

  private DeleteOptions deleteOptions() throws IOException {
    var body = exchange.body();
    var preconditions = body.path("preconditions");
    var policy = first(Json.text(body, "propagationPolicy"), exchange.query("propagationPolicy"));
    var grace = first(Json.text(body, "gracePeriodSeconds"), exchange.query("gracePeriodSeconds"));
    boolean orphans = body.path("orphanDependents").asBoolean();
    var propagation =
        switch (policy) {
          case "Foreground" -> DeleteOptions.Propagation.FOREGROUND;
          case "Orphan" -> DeleteOptions.Propagation.ORPHAN;
          default ->
              orphans ? DeleteOptions.Propagation.ORPHAN : DeleteOptions.Propagation.BACKGROUND;
        };
    return new DeleteOptions(
        Optional.of(Json.text(preconditions, "uid")).filter(u -> !u.isEmpty()),
        Optional.of(Json.text(preconditions, "resourceVersion")).filter(v -> !v.isEmpty()),
        propagation,
        grace.isEmpty() ? Optional.empty() : Optional.of(number("gracePeriodSeconds", grace)),
        !body.path("dryRun").isEmpty() || !exchange.query("dryRun").isEmpty());
  }

  private static String first(String a, String b) {
    return a.isEmpty() ? b : a;
  }

  private WriteOptions writeOptions() {
    var manager = first(exchange.query("fieldManager"), exchange.program());
    return new WriteOptions(
        manager,
        exchange.flag("force"),
        !exchange.query("dryRun").isEmpty(),
        exchange.query("fieldValidation").equals("Strict"));
  }

  private ListOptions listOptions() {
    var limit = exchange.query("limit");
    return new ListOptions(
        route.namespace(),
        LabelSelector.parse(exchange.query("labelSelector")),
        FieldSelector.parse(exchange.query("fieldSelector"), stored.selectableFields()),
        limit.isEmpty() ? 0 : (int) number("limit", limit),
        exchange.query("continue"));
  }

  private void watch() throws IOException {
    var list = listOptions();
    var from = exchange.query("resourceVersion");
    boolean sendInitial = exchange.flag("sendInitialEvents");
    var options =
        new WatchOptions(
            list.namespace(),
            list.labels(),
            list.fields(),
            sendInitial ? Optional.empty() : Optional.of(from).filter(v -> !v.isEmpty()));
    var timeout = exchange.query("timeoutSeconds");
    var wish =
        new WatchStreams.Wish(
            timeout.isEmpty() ? Optional.empty() : Optional.of(number("timeoutSeconds", timeout)),
            exchange.flag("allowWatchBookmarks"),
            sendInitial);
    watches.serve(api, kind, options, wish, rendering, exchange);
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("%s is '%s'; it must be a whole number".formatted(name, text));
    }
  }
}
