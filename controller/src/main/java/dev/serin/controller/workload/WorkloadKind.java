package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.rollout.Plan;
import dev.serin.rollout.Seen.Health;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What differs between the kinds of workload whose pods follow a template: where their numbers
/// stand, how a template is held back, and where the live one is remembered. All else is the same
/// for them.
interface WorkloadKind {

  Kind kind();

  /// Pods that the workload wants.
  int replicas(JsonNode workload);

  /// Pods of it that can answer requests.
  int available(JsonNode workload);

  /// Whether every wanted pod runs the carried template and is available, and no other pod is left.
  boolean isSteady(JsonNode workload);

  /// Whether its strategy keeps enough pods, while it rolls, for the share of requests that stable
  /// has in the last step.
  boolean keepsCapacity(JsonNode workload, Plan plan);

  /// How its controller fares with the carried template.
  ///
  /// @param released since when it may roll; what was said before does not count
  Health rollout(JsonNode workload, Optional<Instant> released);

  /// The object that remembers the template of the live pods. Empty when there is none, and for
  /// kinds that have no such object: for those a rollout record has to remember it from adoption
  /// on.
  Optional<ObjectNode> live(JsonNode workload, Cluster cluster);

  /// Whether [#live] tells of workloads that were never rolled out by Serin.
  boolean remembers();

  /// Settings that forbid driving it, each with its cure.
  ///
  /// @param marked whether it is adopted already
  List<String> problems(JsonNode workload, boolean marked);

  /// What cannot be promised for this kind, in words; empty when everything is.
  List<String> limits();

  /// Whether a new template stays without effect on pods.
  boolean isHeld(JsonNode workload);

  /// Whether it has to be held even while nothing is new, because nobody else would hold it in the
  /// moment of a change.
  boolean isHeldAtRest(HoldMode mode);

  /// Writes the fields that hold it, or that let it go, into what is applied.
  ///
  /// @param spec of the object that is applied
  void hold(ObjectNode spec, boolean held);

  /// Adds the operations that let it go, as it was before adoption.
  void free(JsonNode workload, Operations patch);

  /// Writes what is special about the copy into its `spec`, which has selector, template and
  /// `minReadySeconds` already.
  ///
  /// @param target the user's workload
  /// @param service that selects the copy's pods
  /// @param pods wanted, where the kind can be told
  void shape(ObjectNode spec, JsonNode target, String service, int pods);

  /// Whether somebody has edited the template of a copy.
  boolean isEdited(JsonNode copy);

  /// Whether the number of its pods can be chosen.
  boolean isScaled();

  /// An object of this kind.
  default ObjectRef ref(String namespace, String name) {
    return kind().named(namespace, name);
  }

  /// This very object.
  default ObjectRef ref(JsonNode workload) {
    return ref(Fields.namespace(workload), Fields.name(workload));
  }

  /// Whether at least half of the wanted pods can answer requests.
  default boolean serves(JsonNode workload) {
    return available(workload) > 0 && 2 * available(workload) >= replicas(workload);
  }

  /// Its name for people, such as `Deployment web`.
  default String words(JsonNode workload) {
    return kind().kind() + " " + Fields.name(workload);
  }

  /// Whether its controller has seen the object as it is.
  static boolean isObserved(JsonNode workload) {
    return Fields.number(workload, "status", "observedGeneration")
        >= Fields.number(workload, "metadata", "generation");
  }
}
