package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.controller.install.InstallManifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Whether the controller's account may do all that its role in the chart says. The API server is
/// asked, so that it does not matter which role gives it.
///
/// @param account user name of the account
record ControllerRights(ClusterAccess access, String account) {
  private static final int AT_ONCE = 8;

  /// @param resource with `/subresource` where one is meant
  /// @param name empty for all
  private record Right(String verb, String group, String resource, String name) {

    String where() {
      return resource + (group.isEmpty() ? "" : "." + group) + (name.isEmpty() ? "" : "/" + name);
    }
  }

  List<Finding> examine() {
    var rights = rights();
    var missing = new LinkedHashMap<String, List<String>>();
    for (var right : refused(rights)) {
      missing.computeIfAbsent(right.where(), _ -> new ArrayList<>()).add(right.verb());
    }
    if (missing.isEmpty()) {
      return List.of(
          Finding.ok(
              "rights", "the controller's account has all %d rights".formatted(rights.size())));
    }
    var words = new ArrayList<String>();
    missing.forEach((where, verbs) -> words.add(String.join("/", verbs) + " " + where));
    return List.of(
        Finding.problem(
            "rights",
            "the controller's account may not " + String.join(", ", words),
            "canary install --controller=false | kubectl apply -f -"));
  }

  private List<Right> refused(List<Right> rights) {
    var slots = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new LinkedHashMap<Right, Future<Boolean>>();
      rights.forEach(right -> asked.put(right, threads.submit(question(right, slots))));
      var refused = new ArrayList<Right>();
      for (Map.Entry<Right, Future<Boolean>> each : asked.entrySet()) {
        if (!each.getValue().get()) {
          refused.add(each.getKey());
        }
      }
      return refused;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ClusterException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private Callable<Boolean> question(Right right, Semaphore slots) {
    return () -> {
      slots.acquire();
      try {
        return access.may(account, right.verb(), right.group(), right.resource(), "", right.name());
      } finally {
        slots.release();
      }
    };
  }

  private static List<Right> rights() {
    var rights = new ArrayList<Right>();
    for (var rule : role().path("rules")) {
      for (var group : rule.path("apiGroups")) {
        for (var resource : rule.path("resources")) {
          for (var verb : rule.path("verbs")) {
            names(rule)
                .forEach(
                    name ->
                        rights.add(
                            new Right(verb.asText(), group.asText(), resource.asText(), name)));
          }
        }
      }
    }
    return rights;
  }

  private static List<String> names(JsonNode rule) {
    var names = new ArrayList<String>();
    rule.path("resourceNames").forEach(name -> names.add(name.asText()));
    return names.isEmpty() ? List.of("") : names;
  }

  private static ObjectNode role() {
    var manifests =
        InstallManifests.render(
            InstallManifests.Parts.NO_CONTROLLER,
            InstallManifests.Policies.VALIDATING,
            "",
            List.of());
    try (var all =
        new ObjectMapper(new YAMLFactory())
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(manifests)) {
      while (all.hasNext()) {
        if (all.next() instanceof ObjectNode object
            && object.path("kind").asText().equals("ClusterRole")
            && object.at("/metadata/name").asText().equals("serin")) {
          return object;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the manifests cannot be read", e);
    }
    throw new IllegalStateException("the manifests have no ClusterRole serin");
  }
}
