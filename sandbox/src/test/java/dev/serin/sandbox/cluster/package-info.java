/// The controller's view of a cluster, over HTTP against the sandbox's API server.
@NullMarked
package dev.serin.sandbox.cluster;

import org.jspecify.annotations.NullMarked;
