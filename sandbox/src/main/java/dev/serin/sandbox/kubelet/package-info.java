/// Nodes for a control plane that has none: pods of a real API server become servers in this
/// process.
@NullMarked
package dev.serin.sandbox.kubelet;

import org.jspecify.annotations.NullMarked;
