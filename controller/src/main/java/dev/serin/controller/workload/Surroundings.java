package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Names;
import dev.serin.cluster.Read;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What was read of a target whose pods follow a template, and of everything that has to do with
/// it. What often changes by itself is only looked at where it matters, so that it wakes nobody
/// else.
///
/// @param kind of the target
/// @param target the user's workload
/// @param live what remembers the template of the target's live pods; empty when nothing does
/// @param strays other workloads of this kind that are marked as this Canary's, from when it had
///   another target
/// @param copy the canary's workload
/// @param pods of the copy
/// @param apex the Service that callers dial
/// @param canaryService the Service that selects canary pods
/// @param budgets all PodDisruptionBudgets of the namespace
/// @param horizontal all HorizontalPodAutoscalers of the namespace
/// @param scaledObjects all ScaledObjects of the namespace
/// @param record of the last rollout, if it is there
/// @param baseline record of the adoption, for kinds of which nothing else remembers the live
///   template
/// @param configs the ConfigMaps and Secrets that the target's pods use
record Surroundings(
    WorkloadKind kind,
    Read target,
    Optional<ObjectNode> live,
    List<ObjectNode> strays,
    Read copy,
    List<ObjectNode> pods,
    Read apex,
    Read canaryService,
    Supplier<List<ObjectNode>> budgets,
    Supplier<List<ObjectNode>> horizontal,
    Supplier<List<ObjectNode>> scaledObjects,
    Optional<ObjectNode> record,
    Optional<ObjectNode> baseline,
    Configs configs) {

  static Surroundings read(WorkloadKind kind, Subject subject, Cluster cluster) {
    var namespace = subject.namespace();
    var name = subject.declared().target().name();
    var exposure = subject.declared().exposure();
    var target = cluster.find(kind.ref(namespace, name));
    return new Surroundings(
        kind,
        target,
        target.found().flatMap(found -> kind.live(found, cluster)),
        strays(kind, subject, cluster),
        cluster.find(kind.ref(namespace, Names.canary(name))),
        cluster.list(
            Kind.POD,
            namespace,
            Map.of(Marks.CANARY, Marks.label(subject.name()), Marks.ROLE, Marks.ROLE_CANARY)),
        cluster.find(Kind.SERVICE.named(namespace, exposure.apex())),
        cluster.find(Kind.SERVICE.named(namespace, exposure.canary())),
        () -> cluster.list(Kind.POD_DISRUPTION_BUDGET, namespace, Map.of()),
        () -> cluster.list(Kind.HORIZONTAL_POD_AUTOSCALER, namespace, Map.of()),
        () -> cluster.list(Kind.SCALED_OBJECT, namespace, Map.of()),
        subject.rollout() == 0
            ? Optional.empty()
            : cluster.find(RolloutRecord.ref(namespace, subject.name(), subject.rollout())).found(),
        kind.remembers()
            ? Optional.empty()
            : cluster.find(RolloutRecord.ref(namespace, subject.name(), Baseline.NUMBER)).found(),
        target
            .found()
            .filter(_ -> subject.declared().configTracking())
            .map(found -> Configs.read(found, Fields.uid(subject.canary()), cluster))
            .orElse(Configs.NONE));
  }

  private static List<ObjectNode> strays(WorkloadKind kind, Subject subject, Cluster cluster) {
    var marked =
        cluster.list(
            kind.kind(), subject.namespace(), Map.of(Marks.CANARY, Marks.label(subject.name())));
    return marked.stream()
        .filter(found -> Fields.label(found, Marks.ROLE).isEmpty())
        .filter(found -> !Fields.name(found).equals(subject.declared().target().name()))
        .toList();
  }
}
