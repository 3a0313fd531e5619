/// Evidence held against the sandbox's Prometheus, in turned time.
@NullMarked
package dev.serin.controller.measure;

import org.jspecify.annotations.NullMarked;
