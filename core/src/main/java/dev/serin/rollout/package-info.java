/// The state machine of a rollout. [dev.serin.rollout.Rollout] decides from a plan, a state, what
/// was seen and the time; it knows no client, no clock and no log.
@NullMarked
package dev.serin.rollout;

import org.jspecify.annotations.NullMarked;
