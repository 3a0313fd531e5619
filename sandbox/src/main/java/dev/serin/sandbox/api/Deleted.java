package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What became of an object that was to be deleted.
///
/// @param object its last form; while it is not gone, with its `deletionTimestamp`
/// @param gone whether it is gone already
public record Deleted(ObjectNode object, boolean gone) {}
