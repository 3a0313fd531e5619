/// The admission policies of Serin, as native code: they act at once and need no cluster.
@NullMarked
package dev.serin.sandbox.admission;

import org.jspecify.annotations.NullMarked;
