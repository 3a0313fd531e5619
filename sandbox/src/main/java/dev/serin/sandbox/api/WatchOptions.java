package dev.serin.sandbox.api;

import java.util.Optional;

/// What to watch.
///
/// @param namespace "" for all
/// @param labels which labels
/// @param fields which fields
/// @param resourceVersion go on after this one; empty starts with the present objects as `ADDED`
public record WatchOptions(
    String namespace,
    LabelSelector labels,
    FieldSelector fields,
    Optional<String> resourceVersion) {

  /// Everything there is and will be.
  public static WatchOptions all() {
    return new WatchOptions(
        "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, Optional.empty());
  }

  public WatchOptions in(String namespace) {
    return new WatchOptions(namespace, labels, fields, resourceVersion);
  }

  public WatchOptions labelled(LabelSelector labels) {
    return new WatchOptions(namespace, labels, fields, resourceVersion);
  }

  public WatchOptions after(String resourceVersion) {
    return new WatchOptions(namespace, labels, fields, Optional.of(resourceVersion));
  }
}
