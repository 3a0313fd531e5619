package dev.serin.parse;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/// A Canary's declaration as it was when a rollout started, kept in the rollout record. It is the
/// spec itself, parsed again when it is needed: edits meanwhile apply to the next rollout.
public final class FrozenPlan {

  private FrozenPlan() {}

  /// What to keep of a Canary: its spec, with what the process added to it.
  ///
  /// @param declared what the Canary was parsed to
  public static ObjectNode freeze(ObjectNode canary, CanaryDeclaration declared) {
    var spec =
        canary.path("spec") instanceof ObjectNode written
            ? written.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    spec.put("provider", declared.provider());
    return spec;
  }

  /// What was kept, as if the Canary said it now. Limits that the process sets do not apply: they
  /// held when the rollout started.
  ///
  /// @param canary the Canary as it is now, for its metadata
  public static Parsed thaw(ObjectNode frozen, ObjectNode canary, Settings settings) {
    var then = canary.deepCopy();
    then.set("spec", frozen);
    return CanaryParser.parse(
        then,
        settings
            .withIntervalFloor(Duration.ofMillis(1))
            .with(Settings.References.ANY_NAMESPACE)
            .with(Settings.UnknownFields.IGNORED));
  }
}
