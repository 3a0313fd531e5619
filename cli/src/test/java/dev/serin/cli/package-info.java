/// Tests of the command line.
@NullMarked
package dev.serin.cli;

import org.jspecify.annotations.NullMarked;
