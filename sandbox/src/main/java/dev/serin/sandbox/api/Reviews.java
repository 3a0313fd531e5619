package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Answers questions about who somebody is and what they may do.
final class Reviews {

  private static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private Reviews() {}

  static boolean handles(Route route, Exchange exchange) {
    if (!exchange.method().equals("POST")) {
      return false;
    }
    return switch (route.group()) {
      case "authorization.k8s.io", "authentication.k8s.io" -> true;
      case "" -> route.resource().equals("serviceaccounts") && route.subresource().equals("token");
      default -> false;
    };
  }

  static ObjectNode answer(
      ApiServer server, ApiStore store, Caller caller, Route route, ObjectNode body) {
    var answer = body.deepCopy();
    if (route.subresource().equals("token")) {
      token(server, store, caller, route, answer);
      return answer;
    }
    var status = answer.putObject("status");
    switch (route.resource()) {
      case "selfsubjectaccessreviews" -> access(store, caller, body.path("spec"), status);
      case "subjectaccessreviews" -> {
        require(store, caller, "create", "authorization.k8s.io", "subjectaccessreviews");
        access(store, subject(body.path("spec")), body.path("spec"), status);
      }
      case "selfsubjectrulesreviews" -> {
        status.putArray("resourceRules");
        status.putArray("nonResourceRules");
        status.put("incomplete", true);
      }
      case "selfsubjectreviews" -> userInfo(status.putObject("userInfo"), caller);
      case "tokenreviews" -> {
        require(store, caller, "create", "authentication.k8s.io", "tokenreviews");
        var owner = server.whose(Json.text(body, "spec", "token"));
        status.put("authenticated", owner.isPresent());
        owner.ifPresent(o -> userInfo(status.putObject("user"), o));
      }
      default -> throw ApiException.unknownPath();
    }
    return answer;
  }

  private static void access(ApiStore store, Caller caller, JsonNode spec, ObjectNode status) {
    var asked = spec.path("resourceAttributes");
    store.lock().lock();
    try {
      status.put(
          "allowed",
          store
              .authorizer()
              .allows(
                  new Authorizer.Attributes(
                      caller,
                      Json.text(asked, "verb"),
                      Json.text(asked, "group"),
                      Json.text(asked, "resource"),
                      Json.text(asked, "subresource"),
                      Json.text(asked, "namespace"),
                      Json.text(asked, "name"))));
    } finally {
      store.lock().unlock();
    }
  }

  private static Caller subject(JsonNode spec) {
    var groups = new ArrayList<String>();
    spec.path("groups").forEach(group -> groups.add(group.asText()));
    return new Caller(Json.text(spec, "user"), groups);
  }

  private static void userInfo(ObjectNode info, Caller caller) {
    info.put("username", caller.name());
    var groups = info.putArray("groups");
    caller.groups().forEach(groups::add);
  }

  private static void token(
      ApiServer server, ApiStore store, Caller caller, Route route, ObjectNode answer) {
    var account = new Kind("", "v1", "ServiceAccount", "serviceaccounts", true);
    store.as(caller).get(account, route.namespace(), route.name());
    var allowed =
        new Authorizer.Attributes(
            caller, "create", "", "serviceaccounts", "token", route.namespace(), route.name());
    if (!store.authorizer().allows(allowed)) {
      throw forbidden(caller, "create", "", "serviceaccounts/token");
    }
    long seconds = answer.path("spec").path("expirationSeconds").asLong(TOKEN_LIFE.toSeconds());
    var token = server.issue(Caller.serviceAccount(route.namespace(), route.name()));
    answer
        .putObject("status")
        .put("token", token)
        .put("expirationTimestamp", Meta.time(store.now().plusSeconds(seconds)));
  }

  private static void require(
      ApiStore store, Caller caller, String verb, String group, String resource) {
    var attributes = new Authorizer.Attributes(caller, verb, group, resource, "", "", "");
    if (!store.authorizer().allows(attributes)) {
      throw forbidden(caller, verb, group, resource);
    }
  }

  private static ApiException forbidden(Caller caller, String verb, String group, String resource) {
    return new ApiException(
        new Status(
            403,
            "Forbidden",
            "%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" at the cluster scope"
                .formatted(resource, caller.name(), verb, resource, group),
            new Status.Subject(group, resource, "", ""),
            List.of(),
            java.util.Optional.empty()));
  }
}
