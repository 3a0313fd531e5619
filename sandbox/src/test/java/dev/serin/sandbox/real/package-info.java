/// Whole releases on a real control plane, a real gateway and a real Prometheus.
/// `hack/real/cluster` makes them; the system property `serin.real.env` names the file that says
/// where they are.
@NullMarked
package dev.serin.sandbox.real;

import org.jspecify.annotations.NullMarked;
