package dev.serin.sandbox.api;

/// What to list.
///
/// @param namespace "" for all
/// @param labels which labels
/// @param fields which fields
/// @param limit most objects in one page; 0 for all
/// @param continueToken where the former page ended; "" starts
public record ListOptions(
    String namespace, LabelSelector labels, FieldSelector fields, int limit, String continueToken) {

  public static final ListOptions ALL =
      new ListOptions("", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, 0, "");

  public ListOptions in(String namespace) {
    return new ListOptions(namespace, labels, fields, limit, continueToken);
  }

  public ListOptions labelled(LabelSelector labels) {
    return new ListOptions(namespace, labels, fields, limit, continueToken);
  }

  public ListOptions page(int limit, String continueToken) {
    return new ListOptions(namespace, labels, fields, limit, continueToken);
  }
}
