/// The systems that answer metric queries, one file each.
@NullMarked
package dev.serin.metrics.providers;

import org.jspecify.annotations.NullMarked;
