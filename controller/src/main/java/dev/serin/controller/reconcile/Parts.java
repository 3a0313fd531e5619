package dev.serin.controller.reconcile;

import dev.serin.cluster.Cluster;
import dev.serin.controller.measure.Measurements;
import dev.serin.controller.workload.Workload;
import dev.serin.mesh.Mesh;
import dev.serin.parse.CanaryDeclaration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What the reconciler works with.
///
/// @param cluster where everything is read from and written to
/// @param workloads drivers of targets; the first that drives a target is taken
/// @param meshes by name
/// @param measurements what is found out by asking others
/// @param announcer told what was decided
/// @param clock of the wall, which may jump: what is stored goes by it
/// @param steady never jumps: what only this process remembers goes by it
/// @param wake told namespace and name of a Canary that should be looked at
public record Parts(
    Cluster cluster,
    List<Workload> workloads,
    Map<String, Mesh> meshes,
    Measurements measurements,
    Announcer announcer,
    InstantSource clock,
    InstantSource steady,
    BiConsumer<String, String> wake,
    ReconcilerSettings settings) {

  public Parts {
    workloads = List.copyOf(workloads);
    meshes = Map.copyOf(meshes);
  }

  Optional<Workload> workload(CanaryDeclaration.Target target) {
    return workloads.stream().filter(workload -> workload.drives(target)).findFirst();
  }

  Optional<Mesh> mesh(CanaryDeclaration declared) {
    return Optional.ofNullable(meshes.get(declared.provider()));
  }
}
