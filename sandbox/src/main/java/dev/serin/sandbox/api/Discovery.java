package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Says which groups, versions and kinds are served.
final class Discovery {

  private static final String[] READ_ONLY_PATHS = {
    "/version", "/api", "/apis", "/openapi/v2", "/openapi/v3"
  };

  /// Kinds that are only asked, never stored.
  private static final Map<String, List<String>> REVIEWS =
      Map.of(
          "authentication.k8s.io/v1",
          List.of("TokenReview tokenreviews", "SelfSubjectReview selfsubjectreviews"),
          "authorization.k8s.io/v1",
          List.of(
              "SelfSubjectAccessReview selfsubjectaccessreviews",
              "SelfSubjectRulesReview selfsubjectrulesreviews",
              "SubjectAccessReview subjectaccessreviews"));

  private Discovery() {}

  static boolean answers(String path) {
    for (String known : READ_ONLY_PATHS) {
      if (path.equals(known)) {
        return true;
      }
    }
    int depth = path.split("/").length - 1;
    return path.equals("/api/v1") || (path.startsWith("/apis/") && (depth == 2 || depth == 3));
  }

  static ObjectNode answer(ApiStore store, String path, URI server) {
    store.lock().lock();
    try {
      return switch (path) {
        case "/version" -> version();
        case "/api" -> coreVersions(server);
        case "/apis" -> groups(store);
        case "/openapi/v2" -> Json.object().put("swagger", "2.0").set("paths", Json.object());
        case "/openapi/v3" -> (ObjectNode) Json.object().set("paths", Json.object());
        case "/api/v1" -> resources(store, "", "v1");
        default -> {
          var parts = path.split("/");
          yield parts.length == 3 ? group(store, parts[2]) : resources(store, parts[2], parts[3]);
        }
      };
    } finally {
      store.lock().unlock();
    }
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "36")
        .put("gitVersion", "v1.36.3+serin-sandbox")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "")
        .put("platform", "java");
  }

  private static ObjectNode coreVersions(URI server) {
    var answer = Json.object().put("kind", "APIVersions");
    answer.putArray("versions").add("v1");
    answer
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", server.getAuthority());
    return answer;
  }

  private static Map<String, Set<String>> versions(ApiStore store) {
    var found = new LinkedHashMap<String, Set<String>>();
    for (StoredKind stored : store.registry().all()) {
      for (StoredKind.Version version : stored.versions()) {
        found
            .computeIfAbsent(version.kind().group(), g -> new LinkedHashSet<>())
            .add(version.kind().version());
      }
    }
    for (String reviews : REVIEWS.keySet().stream().sorted().toList()) {
      var parts = reviews.split("/");
      found.computeIfAbsent(parts[0], g -> new LinkedHashSet<>()).add(parts[1]);
    }
    // The group of Scale is served in a version that has no kinds of its own.
    found.computeIfAbsent("autoscaling", g -> new LinkedHashSet<>()).add("v1");
    found.remove("");
    return found;
  }

  private static ObjectNode groups(ApiStore store) {
    var answer = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    var groups = answer.putArray("groups");
    versions(store).forEach((name, versions) -> groups.add(group(name, versions)));
    return answer;
  }

  private static ObjectNode group(ApiStore store, String name) {
    var versions = versions(store).get(name);
    if (versions == null) {
      throw ApiException.unknownPath();
    }
    var group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    return group.setAll(group(name, versions));
  }

  private static ObjectNode group(String name, Set<String> versions) {
    var ordered = versions.stream().sorted(VersionOrder::compare).toList();
    var group = Json.object().put("name", name);
    var list = group.putArray("versions");
    ordered.forEach(version -> groupVersion(list.addObject(), name, version));
    groupVersion(group.putObject("preferredVersion"), name, ordered.getFirst());
    return group;
  }

  private static void groupVersion(ObjectNode node, String group, String version) {
    node.put("groupVersion", group + "/" + version).put("version", version);
  }

  private static ObjectNode resources(ApiStore store, String group, String version) {
    var groupVersion = group.isEmpty() ? version : group + "/" + version;
    var answer =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", groupVersion);
    var resources = answer.putArray("resources");
    Predicate<StoredKind.Version> wanted = v -> v.kind().apiVersion().equals(groupVersion);
    for (StoredKind stored : store.registry().all()) {
      stored.versions().stream().filter(wanted).forEach(v -> resource(resources, stored, v));
    }
    for (String review : REVIEWS.getOrDefault(groupVersion, List.of())) {
      var parts = review.split(" ");
      resources
          .addObject()
          .put("name", parts[1])
          .put("singularName", parts[0].toLowerCase(java.util.Locale.ROOT))
          .put("namespaced", false)
          .put("kind", parts[0])
          .putArray("verbs")
          .add("create");
    }
    if (resources.isEmpty() && !groupVersion.equals("autoscaling/v1")) {
      throw ApiException.unknownPath();
    }
    return answer;
  }

  private static void resource(ArrayNode resources, StoredKind stored, StoredKind.Version version) {
    var kind = version.kind();
    var resource = resources.addObject();
    resource
        .put("name", kind.plural())
        .put("singularName", kind.kind().toLowerCase(java.util.Locale.ROOT))
        .put("namespaced", kind.namespaced())
        .put("kind", kind.kind());
    var verbs = resource.putArray("verbs");
    for (String verb :
        new String[] {
          "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"
        }) {
      verbs.add(verb);
    }
    texts(resource, "shortNames", stored.shortNames());
    texts(resource, "categories", stored.categories());
    if (version.status()) {
      subresource(resources.addObject(), kind.plural() + "/status", kind.kind(), kind.namespaced());
    }
    if (version.scale().isPresent()) {
      var scale = resources.addObject();
      scale.put("group", "autoscaling").put("version", "v1");
      subresource(scale, kind.plural() + "/scale", "Scale", kind.namespaced());
    }
  }

  private static void subresource(ObjectNode node, String name, String kind, boolean namespaced) {
    node.put("name", name)
        .put("singularName", "")
        .put("namespaced", namespaced)
        .put("kind", kind)
        .putArray("verbs")
        .add("get")
        .add("patch")
        .add("update");
  }

  private static void texts(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      var list = node.putArray(field);
      values.forEach(list::add);
    }
  }
}
