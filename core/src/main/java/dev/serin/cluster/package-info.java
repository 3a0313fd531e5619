/// Kubernetes objects as JSON values, and the port through which they are read and written.
@NullMarked
package dev.serin.cluster;

import org.jspecify.annotations.NullMarked;
