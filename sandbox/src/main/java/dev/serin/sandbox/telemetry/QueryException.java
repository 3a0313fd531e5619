package dev.serin.sandbox.telemetry;

/// A query that cannot be answered: it does not read, or it uses a part of PromQL that is not
/// understood here.
public final class QueryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QueryException(String message) {
    super(message);
  }
}
