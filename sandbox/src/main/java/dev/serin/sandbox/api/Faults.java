package dev.serin.sandbox.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// Failures that tests inject into requests, in this process or over HTTP.
public final class Faults {

  /// A request that may be made to fail.
  ///
  /// @param verb `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`
  /// @param kind kind of the object
  /// @param subresource part of the object
  /// @param namespace "" for none or all
  /// @param name "" where there is none
  /// @param caller who asks
  public record Request(
      String verb,
      dev.serin.cluster.Kind kind,
      Subresource subresource,
      String namespace,
      String name,
      Caller caller) {

    /// Whether the request changes something.
    public boolean writes() {
      return !verb.equals("get") && !verb.equals("list") && !verb.equals("watch");
    }
  }

  /// What happens to a request.
  public sealed interface Fault {

    /// It is refused, nothing is done.
    record Refuse(Status status) implements Fault {}

    /// It is carried out, but the answer gets lost.
    record LoseAnswer() implements Fault {}

    /// It gets lost on the way, nothing is done.
    record LoseRequest() implements Fault {}

    /// It is carried out after a while.
    record Delay(Duration time) implements Fault {}
  }

  /// Fails the requests that it wants to.
  @FunctionalInterface
  public interface Rule {
    Optional<Fault> on(Request request);
  }

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  /// Adds a rule. Rules are asked in order, the first that answers decides.
  ///
  /// @return takes the rule away again
  public Runnable add(Rule rule) {
    rules.add(rule);
    return () -> rules.remove(rule);
  }

  /// Fails the next requests of some sort.
  ///
  /// @param times how many
  public void next(int times, Predicate<Request> which, Fault fault) {
    var left = new java.util.concurrent.atomic.AtomicInteger(times);
    add(
        request ->
            which.test(request) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                ? Optional.of(fault)
                : Optional.empty());
  }

  /// No request fails any more.
  public void clear() {
    rules.clear();
  }

  Optional<Fault> on(Request request) {
    for (Rule rule : rules) {
      var fault = rule.on(request);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  /// A refusal with the words of Kubernetes.
  ///
  /// @param code 409, 422, 429 (asks to wait a second), 500, 503 or another HTTP status
  public static Fault refuse(int code) {
    var status =
        switch (code) {
          case 409 ->
              new Status(
                  code,
                  "Conflict",
                  "Operation cannot be fulfilled: the object has been modified; please apply your"
                      + " changes to the latest version and try again",
                  Status.Subject.NONE);
          case 410 ->
              new Status(
                  code, "Expired", "The provided resource version is too old", Status.Subject.NONE);
          case 422 -> new Status(code, "Invalid", "the object is invalid", Status.Subject.NONE);
          case 429 ->
              new Status(
                      code,
                      "TooManyRequests",
                      "The apiserver has received too many requests and has asked us to try again"
                          + " later.",
                      Status.Subject.NONE)
                  .retryAfter(1);
          case 503 ->
              new Status(
                  code,
                  "ServiceUnavailable",
                  "the server is currently unable to handle the request",
                  Status.Subject.NONE);
          default ->
              new Status(
                  code, "InternalError", "Internal error occurred: injected", Status.Subject.NONE);
        };
    return new Fault.Refuse(status);
  }
}
