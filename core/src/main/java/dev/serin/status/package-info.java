/// What a Canary's status says: the machine's state as JSON and back, and its projections for
/// people and tools.
@NullMarked
package dev.serin.status;

import org.jspecify.annotations.NullMarked;
