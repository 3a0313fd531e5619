package dev.serin.sandbox.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Admission;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.api.Subresource;

/// Holds adopted Deployments: a change of the template sets `paused` in the very request that makes
/// it, what is held stays held, and the mark of the adoption cannot be taken away. Serin itself is
/// free, and so is everybody where the glass is broken.
///
/// @param account user name of Serin's service account
public record HoldAdmission(String account) implements Admission {

  /// Label that names the Canary of an adopted target.
  public static final String MARK = "serin.dev/canary";

  /// Annotation that lifts the hold, with a reason.
  public static final String BYPASS = "serin.dev/bypass";

  @Override
  public ObjectNode mutate(Request request) {
    var old = request.old();
    if (request.operation() != Operation.UPDATE
        || request.subresource() != Subresource.NONE
        || !request.ref().kind().equals(Kind.DEPLOYMENT)
        || request.caller().name().equals(account)
        || old.isEmpty()
        || !Meta.labels(old.get()).containsKey(MARK)
        || !Meta.annotation(request.object(), BYPASS).isEmpty()) {
      return request.object();
    }
    return held(request.object(), old.get());
  }

  private static ObjectNode held(ObjectNode object, ObjectNode old) {
    boolean held = Json.at(old, "spec", "paused").asBoolean();
    boolean changed = !Json.at(object, "spec", "template").equals(Json.at(old, "spec", "template"));
    var mark = Meta.label(old, MARK);
    boolean pauses = (held || changed) && !Json.at(object, "spec", "paused").asBoolean();
    if (!pauses && Meta.label(object, MARK).equals(mark)) {
      return object;
    }
    var result = object.deepCopy();
    if (pauses) {
      Json.child(result, "spec").put("paused", true);
    }
    Json.child(Json.child(result, "metadata"), "labels").put(MARK, mark);
    return result;
  }
}
