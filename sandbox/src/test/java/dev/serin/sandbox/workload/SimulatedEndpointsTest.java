package dev.serin.sandbox.workload;

final class SimulatedEndpointsTest extends EndpointsContract {

  @Override
  protected World open() {
    return new SandboxWorld();
  }
}
