package dev.serin.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.rollout.RolloutState;

/// The machine's state as it is kept in `status.state`. Whatever is written reads back as the same
/// value.
public final class StatusCodec {

  private StatusCodec() {}

  /// What was found in `status.state`.
  public sealed interface Stored {

    /// A state that was written before.
    record State(RolloutState state) implements Stored {}

    /// Something that is no state of this version, left by another version or by a person.
    ///
    /// @param reason names the field and what is wrong with it
    record Unreadable(String reason) implements Stored {}

    /// Nothing was written yet.
    record Nothing() implements Stored {}
  }

  /// The state as JSON.
  public static ObjectNode encode(RolloutState state) {
    return (ObjectNode) RecordJson.encode(state, RolloutState.class);
  }

  /// What JSON says; never an exception.
  ///
  /// @param state the value of `status.state`, which may be missing
  public static Stored decode(JsonNode state) {
    if (state.isMissingNode() || state.isNull() || state.isEmpty()) {
      return new Stored.Nothing();
    }
    try {
      return new Stored.State(
          (RolloutState) RecordJson.decode(state, RolloutState.class, "status.state"));
    } catch (RecordJson.Unreadable unreadable) {
      return new Stored.Unreadable(unreadable.getMessage());
    }
  }
}
