/// The command line `canary`.
@NullMarked
package dev.serin.cli;

import org.jspecify.annotations.NullMarked;
