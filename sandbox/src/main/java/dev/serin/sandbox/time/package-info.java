/// Time that a test turns by hand, and the same time off the wall.
@NullMarked
package dev.serin.sandbox.time;

import org.jspecify.annotations.NullMarked;
