package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import java.util.ArrayList;
import java.util.List;

/// An object that scales the target by itself. During a rollout it may grow the target, not shrink
/// it.
sealed interface Autoscaler {
  /// The object itself.
  ObjectNode object();

  ObjectRef ref();

  /// Whether it may not shrink the target now.
  boolean isHeld();

  /// Whether it was held, and nobody has replaced the whole object since.
  default boolean isMarked() {
    return Fields.annotation(object(), Marks.HELD).isPresent();
  }

  /// What [#hold] replaces, to be kept until [#giveBack].
  JsonNode original();

  /// Forbids it to shrink the target.
  Change hold();

  /// Puts back what was there before.
  Change giveBack(JsonNode original);

  /// Its key in the rollout record.
  default String key() {
    return ref().kind().kind() + "/" + ref().name();
  }

  /// The autoscalers of a workload, among those of its namespace. One that KEDA made is KEDA's.
  static List<Autoscaler> of(
      Kind kind, String workload, List<ObjectNode> horizontal, List<ObjectNode> scaledObjects) {
    var found = new ArrayList<Autoscaler>();
    for (var object : horizontal) {
      if (scales(object, kind, workload) && !isKedas(object)) {
        found.add(new Horizontal(object));
      }
    }
    for (var object : scaledObjects) {
      if (scales(object, kind, workload)) {
        found.add(new Keda(object));
      }
    }
    return found;
  }

  private static boolean scales(JsonNode object, Kind kind, String workload) {
    var target = Fields.at(object, "spec", "scaleTargetRef");
    var named = Fields.text(target, "kind");
    // KEDA takes a missing kind for a Deployment.
    return Fields.text(target, "name").equals(workload)
        && (named.isEmpty() ? kind.equals(Kind.DEPLOYMENT) : named.equals(kind.kind()));
  }

  private static boolean isKedas(JsonNode object) {
    return Fields.list(object, "metadata", "ownerReferences").stream()
        .anyMatch(owner -> Fields.text(owner, "kind").equals(Kind.SCALED_OBJECT.kind()));
  }

  private static ObjectNode patch(ObjectNode object) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("resourceVersion", Fields.resourceVersion(object));
    return patch;
  }

  /// A HorizontalPodAutoscaler.
  record Horizontal(ObjectNode object) implements Autoscaler {
    private static final String DISABLED = "Disabled";

    @Override
    public ObjectRef ref() {
      return Kind.HORIZONTAL_POD_AUTOSCALER.named(Fields.namespace(object), Fields.name(object));
    }

    @Override
    public boolean isHeld() {
      return Fields.text(object, "spec", "behavior", "scaleDown", "selectPolicy").equals(DISABLED);
    }

    @Override
    public JsonNode original() {
      var behavior = Fields.at(object, "spec", "behavior");
      return behavior.isMissingNode() ? NullNode.getInstance() : behavior;
    }

    @Override
    public Change hold() {
      var patch = patch(object);
      patch.withObject("/metadata/annotations").put(Marks.HELD, "true");
      patch.withObject("/spec/behavior/scaleDown").put("selectPolicy", DISABLED);
      return new Change.Merge(ref(), patch);
    }

    @Override
    public Change giveBack(JsonNode original) {
      var patch = new Operations();
      if (original.isObject() || !isDefault(Fields.at(object, "spec", "behavior", "scaleUp"))) {
        var policy = Fields.text(original, "scaleDown", "selectPolicy");
        patch.set(
            "/spec/behavior/scaleDown/selectPolicy",
            JsonNodeFactory.instance.textNode(policy.isEmpty() ? "Max" : policy));
      } else {
        patch.remove("/spec/behavior");
      }
      if (isMarked()) {
        patch.remove("/metadata/annotations/" + Managed.escaped(Marks.HELD));
      }
      return patch.change(ref(), object);
    }

    /// Whether rules for growing are those that the API server fills in, so that nobody chose them.
    private static boolean isDefault(JsonNode scaleUp) {
      if (scaleUp.isMissingNode()) {
        return true;
      }
      var policies = Fields.list(scaleUp, "policies");
      return Fields.number(scaleUp, "stabilizationWindowSeconds") == 0
          && Fields.text(scaleUp, "selectPolicy").equals("Max")
          && policies.size() == 2
          && policies.stream()
              .allMatch(
                  policy ->
                      Fields.number(policy, "periodSeconds") == 15
                          && Fields.number(policy, "value")
                              == (Fields.text(policy, "type").equals("Pods") ? 4 : 100));
    }
  }

  /// A ScaledObject of KEDA. The HorizontalPodAutoscaler that KEDA makes of it is never touched.
  record Keda(ObjectNode object) implements Autoscaler {
    private static final String PAUSED = "autoscaling.keda.sh/paused-scale-in";

    @Override
    public ObjectRef ref() {
      return Kind.SCALED_OBJECT.named(Fields.namespace(object), Fields.name(object));
    }

    @Override
    public boolean isHeld() {
      return Fields.annotation(object, PAUSED).filter("true"::equals).isPresent();
    }

    @Override
    public JsonNode original() {
      var value = Fields.annotation(object, PAUSED);
      return value.isPresent()
          ? JsonNodeFactory.instance.textNode(value.get())
          : NullNode.getInstance();
    }

    @Override
    public Change hold() {
      var yes = JsonNodeFactory.instance.textNode("true");
      return annotate(yes, yes);
    }

    @Override
    public Change giveBack(JsonNode original) {
      return annotate(original, NullNode.getInstance());
    }

    private Change annotate(JsonNode paused, JsonNode mark) {
      var patch = patch(object);
      var annotations = patch.withObject("/metadata/annotations");
      annotations.set(PAUSED, paused);
      annotations.set(Marks.HELD, mark);
      return new Change.Merge(ref(), patch);
    }
  }
}
