package dev.serin.sandbox.workload;

final class SimulatedDeploymentTest extends DeploymentContract {

  @Override
  protected World open() {
    return new SandboxWorld();
  }
}
