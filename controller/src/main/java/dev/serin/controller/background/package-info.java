/// Work that nobody waits for, and the time that it runs in.
@NullMarked
package dev.serin.controller.background;

import org.jspecify.annotations.NullMarked;
