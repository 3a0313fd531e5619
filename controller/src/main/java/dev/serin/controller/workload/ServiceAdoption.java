package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Why a pair of Services cannot be driven.
final class ServiceAdoption {
  private ServiceAdoption() {}

  /// All problems, each with its cure; empty when the pair can be driven.
  static List<String> problems(Subject subject, Read target, Read beside, Cluster cluster) {
    var problems = new ArrayList<String>();
    var exposure = subject.declared().exposure();
    var name = subject.declared().target().name();
    if (!exposure.apex().equals(name)) {
      problems.add(
          "spec.service.name is '"
              + exposure.apex()
              + "', and the target is Service "
              + name
              + "; leave it out, since with targetRef.kind Service the target is what callers dial");
    }
    target.found().ifPresent(service -> selector(service, problems));
    switch (beside) {
      case Read.Found(var service) -> {
        selector(service, problems);
        if (Services.isOurs(service, subject.name(), Marks.ROLE_CANARY)) {
          problems.add(
              "Service "
                  + exposure.canary()
                  + " was made by Serin for another kind of target; delete it and make your own");
        }
      }
      case Read.Absent _, Read.NotServed _ ->
          problems.add(
              "Service "
                  + exposure.canary()
                  + " does not exist; make it, with a selector of the pods of the version to try");
      case Read.Unknown _ -> {}
    }
    target.found().ifPresent(service -> problems.addAll(Rivals.of(subject, service, cluster)));
    return List.copyOf(problems);
  }

  private static void selector(ObjectNode service, List<String> problems) {
    if (Fields.text(service, "spec", "type").equals("ExternalName")
        || selected(service).isEmpty()) {
      problems.add(
          "Service "
              + Fields.name(service)
              + " selects no pods, and its selector is what a promotion changes; give it one");
    }
  }

  private static Map<String, String> selected(JsonNode service) {
    return Fields.texts(service, "spec", "selector");
  }
}
