/// Whether a version does well: thresholds, sequential comparison, trends, traffic proof. Pure:
/// values in, values out; imports java.* only.
@NullMarked
package dev.serin.judge;

import org.jspecify.annotations.NullMarked;
