/// Tests of the state machine.
@NullMarked
package dev.serin.rollout;

import org.jspecify.annotations.NullMarked;
