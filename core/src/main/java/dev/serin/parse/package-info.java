/// The border between what users write and what the machine works with. [CanaryParser] turns a
/// Canary as JSON into a [CanaryDeclaration] in which nothing is null, missing or out of range, or
/// into all of its problems.
@NullMarked
package dev.serin.parse;

import org.jspecify.annotations.NullMarked;
