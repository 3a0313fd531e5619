/// The controller's own HTTP endpoints: liveness, readiness and metrics.
@NullMarked
package dev.serin.controller.http;

import org.jspecify.annotations.NullMarked;
