package dev.serin.sandbox.workload;

import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Collector;
import dev.serin.sandbox.api.Watch;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.List;

/// Everything in a cluster that makes Deployments and Services real, and takes away what they leave
/// behind.
public final class Workloads implements AutoCloseable {

  /// From a change to the controllers' look at it.
  public static final Duration REACTION = Duration.ofMillis(10);

  private final List<Controller> controllers;
  private final Watch collector;

  private Workloads(List<Controller> controllers, Watch collector) {
    this.controllers = controllers;
    this.collector = collector;
  }

  /// Starts the controllers on a store.
  ///
  /// @param scheduler that everything runs on
  /// @param host runs the containers
  /// @param nodes how many nodes there are, at least 1
  public static Workloads start(ApiStore store, Scheduler scheduler, PodHost host, int nodes) {
    var surroundings = new Controller.Surroundings(store, scheduler, REACTION);
    var controllers =
        List.of(
            new NamespaceController(surroundings),
            new Kubelet(surroundings, host, nodes),
            new DeploymentController(surroundings),
            new ReplicaSetController(surroundings),
            new EndpointSliceController(surroundings));
    controllers.forEach(Controller::start);
    var collector = Collector.start(store, work -> scheduler.after(REACTION, work));
    return new Workloads(controllers, collector);
  }

  @Override
  public void close() {
    controllers.forEach(Controller::close);
    collector.close();
  }
}
