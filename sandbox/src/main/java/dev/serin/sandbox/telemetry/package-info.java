/// Metrics in the meshes' own names, a store that scrapes them, and the part of PromQL that
/// progressive delivery asks.
@NullMarked
package dev.serin.sandbox.telemetry;

import org.jspecify.annotations.NullMarked;
