/// The port to systems that answer metric queries.
@NullMarked
package dev.serin.metrics;

import org.jspecify.annotations.NullMarked;
