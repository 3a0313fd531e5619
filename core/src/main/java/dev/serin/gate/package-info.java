/// The port to systems and people that may say no.
@NullMarked
package dev.serin.gate;

import org.jspecify.annotations.NullMarked;
