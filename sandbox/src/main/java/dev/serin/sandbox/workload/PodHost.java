package dev.serin.sandbox.workload;

import java.util.List;
import java.util.Map;

/// What runs the containers of pods: servers on sockets, or a model of them.
public interface PodHost {

  /// A host that runs nothing.
  PodHost NONE =
      new PodHost() {
        @Override
        public void start(Running pod) {}

        @Override
        public void stop(String uid) {}

        @Override
        public void crash(String uid) {}
      };

  /// The container of a pod that runs.
  ///
  /// @param uid of the pod
  /// @param namespace of the pod
  /// @param name of the pod
  /// @param ip address of the pod
  /// @param workload name of the Deployment, StatefulSet or DaemonSet that it is of; its own name
  ///   when it is of none
  /// @param version the image's tag and digest, or all of it where it has none
  /// @param labels of the pod
  /// @param ports on which it listens, by name and number as its containers declare them
  /// @param behaviour how it answers
  record Running(
      String uid,
      String namespace,
      String name,
      String ip,
      String workload,
      String version,
      Map<String, String> labels,
      List<Port> ports,
      PodBehaviour behaviour) {

    public Running {
      labels = Map.copyOf(labels);
      ports = List.copyOf(ports);
    }
  }

  /// A port of a container.
  ///
  /// @param name "" where it has none
  record Port(String name, int number) {}

  /// It runs from now on: connections to it are accepted.
  void start(Running pod);

  /// It was told to end and has ended: connections to it are refused, which is the fault of whoever
  /// still sends requests to it. Does nothing when it does not run.
  void stop(String uid);

  /// It ended by itself: connections to it are refused, which is its own fault.
  void crash(String uid);
}
