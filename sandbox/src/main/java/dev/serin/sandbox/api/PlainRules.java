package dev.serin.sandbox.api;

/// Rules of a kind that is stored as it comes.
///
/// @param unconditionalUpdate whether a write may leave out the resourceVersion
/// @param generations whether `metadata.generation` counts changes of the spec
record PlainRules(boolean unconditionalUpdate, boolean generations) implements KindRules {}
