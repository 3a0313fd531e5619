package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Condition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How one kind of route writes what all of them say: which backends answer a rule, with which
/// weights.
interface Syntax {

  /// The field of a rule that lists its backends.
  String backends();

  /// Whether a backend is the stable Service, answering.
  boolean isStable(JsonNode backend);

  /// Whether a backend is the canary Service, answering.
  boolean isCanary(JsonNode backend);

  /// Whether a backend answers requests; one that only gets copies does not.
  default boolean answers(JsonNode backend) {
    return true;
  }

  /// What a backend without a weight weighs beside others that have one.
  int unsetWeight();

  /// The largest weight that a backend may have.
  int greatestWeight();

  /// A backend like this one of stable, that is the canary instead.
  ObjectNode canaryLike(ObjectNode stable);

  /// Lets a backend set a cookie in its answers, beside the cookies that it sets itself.
  void setCookie(ObjectNode backend, String cookie);

  /// A rule for requests only that match one of the alternatives as well; several where one rule
  /// cannot say "or".
  List<ObjectNode> narrow(ObjectNode rule, List<RequestMatch> alternatives);

  /// How many rules [#narrow] makes of one.
  default int narrowed(int alternatives) {
    return 1;
  }

  /// What a rule asks of requests already, as [#slot] names it.
  Set<String> asked(ObjectNode rule);

  /// What a condition looks at. A rule can look at each thing once only.
  default String slot(Condition condition) {
    return switch (condition.source()) {
      case HEADER -> "header " + condition.name().toLowerCase(java.util.Locale.ROOT);
      case COOKIE -> "header cookie";
      case QUERY_PARAMETER -> "query parameter " + condition.name();
      case SOURCE_LABEL -> "label " + condition.name();
    };
  }

  /// Why a condition cannot be written, with the cure.
  default Optional<String> refused(Condition condition) {
    return Optional.empty();
  }

  /// Lets a rule copy requests to a backend.
  ///
  /// @param percent 1 to 100
  void mirror(ObjectNode rule, ObjectNode canary, int percent);

  /// Whether a rule copies requests to the canary.
  boolean mirrors(ObjectNode rule);

  /// Lets a rule copy no requests to the canary.
  void unmirror(ObjectNode rule);

  /// Why a rule cannot copy requests to the canary, with the cure.
  default Optional<String> cannotMirror(ObjectNode rule) {
    return Optional.empty();
  }

  /// What the API server or the data plane would not take of these rules, each with its cure.
  default List<String> obstacles(ArrayNode woven) {
    return List.of();
  }
}
