package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Faults.Fault;
import dev.serin.sandbox.api.Writer.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The API as one caller sees it: asks whether the caller may, lets injected faults happen, and
/// carries the request out.
///
/// What it returns is shared and must not be changed; what it is given it does not keep. A refusal
/// is an [ApiException].
public final class ApiClient {

  private static final int CONFLICT_ATTEMPTS = 100;

  private final ApiStore store;
  private final Caller caller;
  private final Writer writer;
  private final Lister lister;
  private final Deleter deleter;

  ApiClient(ApiStore store, Caller caller) {
    this.store = store;
    this.caller = caller;
    writer = new Writer(store);
    lister = new Lister(store);
    deleter = new Deleter(store, writer);
  }

  public ObjectNode get(Kind kind, String namespace, String name) {
    return request("get", kind, Subresource.NONE, namespace, name, target -> read(target));
  }

  /// The object, or empty where there is none.
  public Optional<ObjectNode> find(Kind kind, String namespace, String name) {
    try {
      return Optional.of(get(kind, namespace, name));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public ObjectNode getScale(Kind kind, String namespace, String name) {
    return request(
        "get",
        kind,
        Subresource.SCALE,
        namespace,
        name,
        target -> Scales.read(target, read(target)));
  }

  public Page list(Kind kind, ListOptions options) {
    return request(
        "list",
        kind,
        Subresource.NONE,
        options.namespace(),
        options.fields().name(),
        target -> lister.list(target, options));
  }

  /// All objects of a kind in a namespace.
  ///
  /// @param namespace "" for all
  public List<ObjectNode> list(Kind kind, String namespace) {
    return list(kind, ListOptions.ALL.in(namespace)).items();
  }

  /// Watches in this process; see [ApiStore#watch].
  public Watch watch(Kind kind, WatchOptions options, Consumer<WatchEvent> consumer) {
    request(
        "watch",
        kind,
        Subresource.NONE,
        options.namespace(),
        options.fields().name(),
        target -> target);
    return store.watch(kind, options, consumer);
  }

  WatchCursor openWatch(Kind kind, WatchOptions options) {
    return request(
        "watch",
        kind,
        Subresource.NONE,
        options.namespace(),
        options.fields().name(),
        target -> new WatchCursor(store, target.stored(), target.version(), options));
  }

  /// Creates an object; its kind and place are what it says itself.
  public ObjectNode create(ObjectNode object) {
    return create(object, WriteOptions.DEFAULT);
  }

  public ObjectNode create(ObjectNode object, WriteOptions options) {
    return create(kindOf(object), Meta.namespace(object), object, options);
  }

  public ObjectNode create(Kind kind, String namespace, ObjectNode object, WriteOptions options) {
    return request(
        "create",
        kind,
        Subresource.NONE,
        namespace,
        Meta.name(object),
        target -> writer.create(target, object, options));
  }

  /// Replaces an object. Its resourceVersion, where it has one, must be the present one.
  public ObjectNode update(ObjectNode object) {
    return update(object, Subresource.NONE, WriteOptions.DEFAULT);
  }

  public ObjectNode updateStatus(ObjectNode object) {
    return update(object, Subresource.STATUS, WriteOptions.DEFAULT);
  }

  public ObjectNode update(ObjectNode object, Subresource subresource, WriteOptions options) {
    return update(
        kindOf(object), Meta.namespace(object), Meta.name(object), object, subresource, options);
  }

  /// @param object for [Subresource#SCALE] a `Scale`
  public ObjectNode update(
      Kind kind,
      String namespace,
      String name,
      ObjectNode object,
      Subresource subresource,
      WriteOptions options) {
    return request(
        "update",
        kind,
        subresource,
        namespace,
        name,
        target ->
            subresource == Subresource.SCALE
                ? Scales.write(writer, target, object, options)
                : writer.update(target, object, options));
  }

  /// Reads an object, lets it be changed and writes it, again when somebody else was faster.
  ///
  /// @param change changes a copy of the object
  public ObjectNode edit(Kind kind, String namespace, String name, Consumer<ObjectNode> change) {
    return edit(kind, namespace, name, Subresource.NONE, change);
  }

  /// Like [#edit], for the status.
  public ObjectNode editStatus(
      Kind kind, String namespace, String name, Consumer<ObjectNode> change) {
    return edit(kind, namespace, name, Subresource.STATUS, change);
  }

  private ObjectNode edit(
      Kind kind,
      String namespace,
      String name,
      Subresource subresource,
      Consumer<ObjectNode> change) {
    for (int attempt = 1; ; attempt++) {
      var object = get(kind, namespace, name).deepCopy();
      change.accept(object);
      try {
        return update(kind, namespace, name, object, subresource, WriteOptions.DEFAULT);
      } catch (ApiException e) {
        if (!e.isConflict() || attempt == CONFLICT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  public ObjectNode patch(
      Kind kind,
      String namespace,
      String name,
      Patch patch,
      Subresource subresource,
      WriteOptions options) {
    return request(
        "patch",
        kind,
        subresource,
        namespace,
        name,
        target -> Patches.apply(store, writer, target, patch, options));
  }

  /// Server-side apply: makes the object have the given fields, and not those that this manager
  /// applied before and does not now.
  public ObjectNode apply(ObjectNode configuration, WriteOptions options) {
    return patch(
        kindOf(configuration),
        Meta.namespace(configuration),
        Meta.name(configuration),
        new Patch.Apply(configuration),
        Subresource.NONE,
        options);
  }

  public void delete(Kind kind, String namespace, String name) {
    delete(kind, namespace, name, DeleteOptions.DEFAULT);
  }

  /// @return what became of it
  public Deleted delete(Kind kind, String namespace, String name, DeleteOptions options) {
    return request(
        "delete",
        kind,
        Subresource.NONE,
        namespace,
        name,
        target -> deleter.delete(target, options));
  }

  /// Deletes all that a list selects.
  ///
  /// @return the objects as they were
  public Page deleteAll(Kind kind, ListOptions which, DeleteOptions options) {
    return request(
        "deletecollection",
        kind,
        Subresource.NONE,
        which.namespace(),
        "",
        target -> {
          var page = lister.list(target, which);
          for (ObjectNode object : page.items()) {
            deleter.delete(target.at(ObjectKey.of(object)), options);
          }
          return page;
        });
  }

  /// Whether the caller may do something.
  public boolean may(
      String verb, Kind kind, Subresource subresource, String namespace, String name) {
    return store
        .authorizer()
        .allows(
            new Authorizer.Attributes(
                caller, verb, kind.group(), kind.plural(), subresource.path(), namespace, name));
  }

  Caller caller() {
    return caller;
  }

  ApiStore store() {
    return store;
  }

  private ObjectNode read(Target target) {
    return target.stored().in(target.version(), writer.current(target));
  }

  private Kind kindOf(JsonNode object) {
    var apiVersion = Json.text(object, "apiVersion");
    var name = Json.text(object, "kind");
    return store.kind(apiVersion, name).orElseThrow(ApiException::unknownPath);
  }

  @FunctionalInterface
  private interface Handling<T> {
    T handle(Target target);
  }

  private <T> T request(
      String verb,
      Kind kind,
      Subresource subresource,
      String namespace,
      String name,
      Handling<T> handling) {
    var fault =
        store.faults().on(new Faults.Request(verb, kind, subresource, namespace, name, caller));
    if (fault.isPresent()) {
      return failing(fault.get(), () -> handle(verb, kind, subresource, namespace, name, handling));
    }
    return handle(verb, kind, subresource, namespace, name, handling);
  }

  private <T> T failing(Fault fault, Supplier<T> request) {
    return switch (fault) {
      case Fault.Refuse(var status) -> throw new ApiException(status);
      case Fault.LoseRequest() -> throw ApiException.noAnswer();
      case Fault.LoseAnswer() -> {
        var _ = request.get();
        throw ApiException.noAnswer();
      }
      case Fault.Delay(var time) -> {
        store.pause(time);
        yield request.get();
      }
    };
  }

  private <T> T handle(
      String verb,
      Kind kind,
      Subresource subresource,
      String namespace,
      String name,
      Handling<T> handling) {
    store.lock().lock();
    try {
      var served = store.registry().require(kind);
      if (!may(verb, kind, subresource, namespace, name)) {
        throw forbidden(verb, kind, subresource, namespace, name);
      }
      return handling.handle(
          new Target(
              caller,
              served.stored(),
              served.version(),
              new ObjectKey(namespace, name),
              subresource));
    } finally {
      store.lock().unlock();
      store.deliver();
    }
  }

  private ApiException forbidden(
      String verb, Kind kind, Subresource subresource, String namespace, String name) {
    var resource =
        subresource == Subresource.NONE ? kind.plural() : kind.plural() + "/" + subresource.path();
    var where =
        namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
    return ApiException.forbidden(
        kind,
        name,
        "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
            .formatted(caller.name(), verb, resource, kind.group(), where));
  }
}
