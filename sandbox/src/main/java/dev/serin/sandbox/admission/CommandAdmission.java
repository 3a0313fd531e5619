package dev.serin.sandbox.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Admission;
import dev.serin.sandbox.api.Authorizer;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Subresource;
import java.util.Optional;

/// Lets nobody command in somebody else's name, or what their roles do not let them: `spec.by` is
/// filled with the caller and must be the caller, who needs the command as a verb on the Canary.
/// Serin's own account may speak for people in Slack.
///
/// @param account user name of Serin's service account
public record CommandAdmission(String account) implements Admission {

  private static final String SLACK = "slack:";
  private static final String POLICY =
      "ValidatingAdmissionPolicy 'serin-commands' with binding 'serin-commands' denied request: ";

  @Override
  public ObjectNode mutate(Request request) {
    if (!isCommand(request)
        || request.operation() != Operation.CREATE
        || !Json.text(request.object(), "spec", "by").isEmpty()) {
      return request.object();
    }
    var filled = request.object().deepCopy();
    Json.child(filled, "spec").put("by", request.caller().name());
    return filled;
  }

  @Override
  public Optional<String> refuse(Request request) {
    if (!isCommand(request) || request.operation() != Operation.CREATE) {
      return Optional.empty();
    }
    var spec = request.object().path("spec");
    var caller = request.caller();
    var by = Json.text(spec, "by");
    if (caller.name().equals(account) && by.startsWith(SLACK)) {
      return Optional.empty();
    }
    if (!by.equals(caller.name())) {
      return Optional.of(
          POLICY
              + "spec.by is \"%s\"; nobody speaks for another, so leave it out or say \"%s\""
                  .formatted(by, caller.name()));
    }
    var command = Json.text(spec, "command");
    var namespace = request.ref().namespace();
    var asked =
        new Authorizer.Attributes(
            caller,
            command,
            Kind.CANARY.group(),
            Kind.CANARY.plural(),
            "",
            namespace,
            Json.text(spec, "canary"));
    return request.authorizer().allows(asked)
        ? Optional.empty()
        : Optional.of(
            POLICY
                + "%s may not %s canaries in %s; it takes the verb \"%s\" on canaries of serin.dev"
                    .formatted(caller.name(), command, namespace, command));
  }

  private static boolean isCommand(Request request) {
    return request.ref().kind().equals(Kind.CANARY_COMMAND)
        && request.subresource() == Subresource.NONE;
  }
}
