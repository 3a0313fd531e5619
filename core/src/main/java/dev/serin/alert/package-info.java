/// The port to whoever wants to be told.
@NullMarked
package dev.serin.alert;

import org.jspecify.annotations.NullMarked;
