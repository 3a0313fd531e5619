package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// One write, as the event log keeps it.
///
/// @param revision resourceVersion that it made
/// @param kind kind of the object
/// @param key where the object is
/// @param before the object before it; null if the write made it
/// @param after the object after it; for a deletion its last form, with the revision of the
///   deletion
/// @param deleted whether the object is gone
record Commit(
    long revision,
    StoredKind kind,
    ObjectKey key,
    @Nullable ObjectNode before,
    ObjectNode after,
    boolean deleted) {}
