package dev.serin.sandbox.api;

import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Status.Subject;
import java.util.List;
import java.util.Optional;

/// The API server refused a request; the [Status] says why.
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final boolean lost;

  public ApiException(Status status) {
    this(status, false);
  }

  private ApiException(Status status, boolean lost) {
    super(status.message(), null, false, false);
    this.status = status;
    this.lost = lost;
  }

  public Status status() {
    return status;
  }

  public int code() {
    return status.code();
  }

  /// Whether no answer came at all: the request may have been carried out.
  public boolean lost() {
    return lost;
  }

  public boolean isNotFound() {
    return code() == 404;
  }

  /// Somebody else wrote meanwhile, or the object exists already.
  public boolean isConflict() {
    return code() == 409;
  }

  static ApiException noAnswer() {
    return new ApiException(
        new Status(504, "Timeout", "the server did not answer in time", Subject.NONE), true);
  }

  static ApiException badRequest(String message) {
    return new ApiException(new Status(400, "BadRequest", message, Subject.NONE));
  }

  static ApiException notFound(Kind kind, String name) {
    return new ApiException(
        new Status(
            404,
            "NotFound",
            "%s \"%s\" not found".formatted(Kinds.qualified(kind), name),
            Subject.of(kind, name)));
  }

  static ApiException unknownPath() {
    return new ApiException(
        new Status(
            404, "NotFound", "the server could not find the requested resource", Subject.NONE));
  }

  static ApiException methodNotAllowed() {
    return new ApiException(
        new Status(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
            Subject.NONE));
  }

  static ApiException alreadyExists(Kind kind, String name) {
    return new ApiException(
        new Status(
            409,
            "AlreadyExists",
            "%s \"%s\" already exists".formatted(Kinds.qualified(kind), name),
            Subject.of(kind, name)));
  }

  static ApiException conflict(Kind kind, String name, String why) {
    return new ApiException(
        new Status(
            409,
            "Conflict",
            "Operation cannot be fulfilled on %s \"%s\": %s"
                .formatted(Kinds.qualified(kind), name, why),
            Subject.of(kind, name)));
  }

  static ApiException modified(Kind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiException invalid(Kind kind, String name, List<FieldError> errors) {
    var type = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    return invalid(type, new Subject(kind.group(), kind.kind(), name, ""), errors);
  }

  /// @param type how the message calls the kind
  static ApiException invalid(String type, Subject subject, List<FieldError> errors) {
    var all = errors.stream().map(FieldError::message).distinct().toList();
    var what = all.size() == 1 ? all.getFirst() : "[" + String.join(", ", all) + "]";
    return new ApiException(
        new Status(
            422,
            "Invalid",
            "%s \"%s\" is invalid: %s".formatted(type, subject.name(), what),
            subject,
            errors,
            Optional.empty()));
  }

  static ApiException forbidden(Kind kind, String name, String why) {
    var what =
        name.isEmpty() ? Kinds.qualified(kind) : "%s \"%s\"".formatted(Kinds.qualified(kind), name);
    return new ApiException(
        new Status(
            403, "Forbidden", "%s is forbidden: %s".formatted(what, why), Subject.of(kind, name)));
  }

  static ApiException expired(String message) {
    return new ApiException(new Status(410, "Expired", message, Subject.NONE));
  }

  static ApiException unsupportedMediaType(String accepted) {
    return new ApiException(
        new Status(
            415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: "
                + accepted,
            Subject.NONE));
  }
}
