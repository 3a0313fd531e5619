/// The real controller on the modelled data plane, in virtual time: whole rollouts in milliseconds.
@NullMarked
package dev.serin.sandbox.rehearsal;

import org.jspecify.annotations.NullMarked;
