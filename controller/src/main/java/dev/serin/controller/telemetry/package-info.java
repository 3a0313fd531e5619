/// What the controller tells of itself: metrics, log lines and Kubernetes events.
@NullMarked
package dev.serin.controller.telemetry;

import org.jspecify.annotations.NullMarked;
