package dev.serin.sandbox.api;

/// The part of an object that a request is about.
public enum Subresource {
  /// The object itself.
  NONE(""),
  STATUS("status"),
  SCALE("scale");

  private final String path;

  Subresource(String path) {
    this.path = path;
  }

  /// Name in URLs, "" for the object itself.
  public String path() {
    return path;
  }
}
