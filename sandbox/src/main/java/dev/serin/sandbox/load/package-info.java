/// Callers: who asks for what, how often, and what they got.
@NullMarked
package dev.serin.sandbox.load;

import org.jspecify.annotations.NullMarked;
