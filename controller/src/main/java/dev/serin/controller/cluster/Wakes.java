package dev.serin.controller.cluster;

import dev.serin.cluster.ObjectRef;

/// Told when a Canary should be looked at. Must return at once.
public interface Wakes {

  /// Something changed that the Canary's last reconcile read, or the Canary itself.
  void wake(ObjectRef canary);

  /// The Canary does not exist any more.
  void gone(ObjectRef canary);
}
