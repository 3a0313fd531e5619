package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.time.VirtualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The simulators in virtual time.
final class SandboxWorld implements World {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  final VirtualScheduler time = new VirtualScheduler();
  final ApiStore store = new ApiStore(time, 1);
  final ApiClient api = store.as(Caller.admin());
  private final Workloads workloads;

  SandboxWorld() {
    this(PodHost.NONE);
  }

  SandboxWorld(PodHost host) {
    workloads = Workloads.start(store, time, host, 2);
    time.advance(Duration.ofSeconds(1));
  }

  @Override
  public String namespace() {
    return "default";
  }

  @Override
  public ObjectNode create(ObjectNode object) {
    return api.create(object);
  }

  @Override
  public void edit(Kind kind, String name, Consumer<ObjectNode> change) {
    api.edit(kind, namespace(), name, change);
  }

  @Override
  public Optional<ObjectNode> find(Kind kind, String name) {
    return api.find(kind, namespace(), name);
  }

  @Override
  public List<ObjectNode> list(Kind kind) {
    return api.list(kind, namespace());
  }

  @Override
  public void delete(Kind kind, String name) {
    api.delete(kind, namespace(), name);
  }

  @Override
  public void await(String what, BooleanSupplier condition) {
    if (!time.runUntil(condition, PATIENCE)) {
      throw new AssertionError("after " + PATIENCE + " still not: " + what);
    }
  }

  @Override
  public void idle(Duration duration) {
    time.advance(duration);
  }

  @Override
  public void close() {
    workloads.close();
  }
}
