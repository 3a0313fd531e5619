package dev.serin.sandbox;

import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.dataplane.DataPlane;
import dev.serin.sandbox.dataplane.GatewayController;
import dev.serin.sandbox.dataplane.ProxyState;
import dev.serin.sandbox.time.Scheduler;
import dev.serin.sandbox.workload.Workloads;

/// Everything in the cluster that follows the API.
record ControlPlane(Workloads workloads, GatewayController gateway, ProxyState proxies)
    implements AutoCloseable {

  static ControlPlane start(
      SandboxOptions options, ApiStore store, Scheduler scheduler, DataPlane dataPlane) {
    return new ControlPlane(
        Workloads.start(store, scheduler, dataPlane, options.nodes()),
        new GatewayController(store, scheduler, options.acceptDelay(), options.meshController()),
        new ProxyState(store, scheduler, options.routeDelay(), options.endpointDelay()));
  }

  @Override
  public void close() {
    proxies.close();
    gateway.close();
    workloads.close();
  }
}
