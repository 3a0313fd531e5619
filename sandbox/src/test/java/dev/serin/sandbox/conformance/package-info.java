/// The same cases against the sandbox and against a real control plane.
@NullMarked
package dev.serin.sandbox.conformance;

import org.jspecify.annotations.NullMarked;
