/// The controllers and the node of a cluster: what becomes of Deployments, ReplicaSets,
/// StatefulSets, DaemonSets, autoscalers, pods and EndpointSlices.
@NullMarked
package dev.serin.sandbox.workload;

import org.jspecify.annotations.NullMarked;
