package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Another Canary that names the same target. Who has marked it keeps it, else the older one.
final class Rivals {
  private static final Comparator<JsonNode> AGE =
      Comparator.<JsonNode, String>comparing(
              canary -> Fields.text(canary, "metadata", "creationTimestamp"))
          .thenComparing(Fields::name);

  private Rivals() {}

  /// The problem with its cure, if there is a rival that comes first.
  static List<String> of(Subject subject, JsonNode target, Cluster cluster) {
    var ours = subject.canary();
    var mark = Fields.label(target, Marks.CANARY);
    if (mark.equals(Marks.label(subject.name()))) {
      return List.of();
    }
    var rivals =
        cluster.list(Kind.CANARY, subject.namespace(), Map.of()).stream()
            .filter(other -> !Fields.uid(other).equals(Fields.uid(ours)))
            .filter(other -> namesTarget(other, subject))
            .sorted(AGE)
            .toList();
    return rivals.stream()
        .filter(rival -> mark.equals(Marks.label(Fields.name(rival))))
        .findFirst()
        .or(() -> rivals.stream().findFirst().filter(oldest -> AGE.compare(oldest, ours) < 0))
        .map(
            rival ->
                "Canary "
                    + Fields.name(rival)
                    + " drives "
                    + subject.declared().target().kind()
                    + " "
                    + Fields.name(target)
                    + " already; delete one of the two")
        .stream()
        .toList();
  }

  private static boolean namesTarget(JsonNode canary, Subject subject) {
    var ref = Fields.at(canary, "spec", "targetRef");
    var kind = Fields.text(ref, "kind");
    var wanted = subject.declared().target();
    return Fields.text(ref, "name").equals(wanted.name())
        && (kind.isEmpty() ? Kind.DEPLOYMENT.kind() : kind).equals(wanted.kind());
  }
}
