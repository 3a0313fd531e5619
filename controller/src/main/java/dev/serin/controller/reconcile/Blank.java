package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serin.resource.CanaryStatus;
import dev.serin.resource.ResourceJson;

/// The status of a Canary that nobody has looked at.
final class Blank {
  private static final CanaryStatus STATUS =
      ResourceJson.read(JsonNodeFactory.instance.objectNode(), CanaryStatus.class).orElseThrow();

  private Blank() {}

  static CanaryStatus status() {
    return STATUS;
  }
}
