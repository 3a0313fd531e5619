package dev.serin.sandbox.real;

import dev.serin.sandbox.workload.EndpointsContract;
import dev.serin.sandbox.workload.World;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The Services of Kubernetes list the pods that those of the sandbox list.
@Execution(ExecutionMode.CONCURRENT)
class RealEndpointsIT extends EndpointsContract {
  @Override
  protected World open() {
    return new RealWorld();
  }
}
