package dev.serin.controller;

import dev.serin.cluster.Cluster;
import dev.serin.controller.background.Background;
import dev.serin.controller.cluster.EventLoop;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Puts together what decides. Done anew each time that the process begins to lead, so that nothing
/// is remembered from before somebody else did.
public interface Assembly {

  /// What the process gives to those who decide.
  ///
  /// @param cluster to read and write
  /// @param clock of the wall, which may jump: everything that has a time goes by it
  /// @param steady never jumps: what only the process remembers goes by it
  /// @param holdByPolicy whether new revisions are held by the admission policy, now
  /// @param commandsWithheld why commands of people are refused, now; empty when they are followed
  /// @param wake told namespace and name of a Canary that should be looked at
  /// @param metrics what is counted
  /// @param events what is told as Kubernetes events
  /// @param background where everything runs that no reconcile waits for; closed with what was
  ///   assembled
  record Parts(
      ControllerSettings settings,
      Cluster cluster,
      InstantSource clock,
      InstantSource steady,
      BooleanSupplier holdByPolicy,
      Supplier<Optional<String>> commandsWithheld,
      BiConsumer<String, String> wake,
      ControllerMetrics metrics,
      EventRecorder events,
      Background background) {}

  /// Starts it.
  Running assemble(Parts parts);

  /// What decides, until it is closed.
  interface Running extends EventLoop.Reconcile, AutoCloseable {

    /// The Canary does not exist any more.
    void forget(String namespace, String name);

    @Override
    void close();
  }
}
