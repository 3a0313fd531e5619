/// A cluster in one process: API server, workloads, data plane, telemetry.
@NullMarked
package dev.serin.sandbox;

import org.jspecify.annotations.NullMarked;
