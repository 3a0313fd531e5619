/// Whole rollouts of every strategy, with all that can go wrong, in virtual time.
@NullMarked
package dev.serin.sandbox.rehearsal;

import org.jspecify.annotations.NullMarked;
