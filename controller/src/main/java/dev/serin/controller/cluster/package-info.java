/// The Kubernetes API server as this process sees it: watches that fill caches, writes whose
/// answers are values, the lease of the leader, and the event loop that wakes reconciles.
@NullMarked
package dev.serin.controller.cluster;

import org.jspecify.annotations.NullMarked;
