package dev.serin.sandbox.real;

import dev.serin.sandbox.workload.DeploymentContract;
import dev.serin.sandbox.workload.World;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The controllers of Kubernetes do what those of the sandbox do.
@Execution(ExecutionMode.CONCURRENT)
class RealDeploymentIT extends DeploymentContract {
  @Override
  protected World open() {
    return new RealWorld();
  }
}
