package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.controller.telemetry.Logging;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The cluster as a person's command sees it. What the server refuses comes as [ClusterException].
final class ClusterAccess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Kind REVIEW =
      new Kind("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", false);

  private final KubernetesClient client;
  private final String namespace;

  private ClusterAccess(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  static ClusterAccess open(ClusterOptions options) {
    Logging.silence();
    var client = new KubernetesClientBuilder().withConfig(Kubeconfig.of(options)).build();
    var own = Objects.requireNonNullElse(client.getNamespace(), "default");
    return new ClusterAccess(client, Objects.requireNonNullElse(options.namespace, own));
  }

  /// The namespace that is meant when none is named.
  String namespace() {
    return namespace;
  }

  /// Address of the API server.
  String server() {
    return client.getMasterUrl().toString().replaceAll("/$", "");
  }

  /// Version of the API server, such as `1.36`.
  String version() {
    var info = ask("get", Kind.NAMESPACE, "", client::getKubernetesVersion);
    return info.getMajor() + "." + info.getMinor().replaceAll("[^0-9].*", "");
  }

  /// Who the API server takes the caller for; empty when it does not tell.
  Optional<String> user() {
    try {
      var review = client.resource(new SelfSubjectReviewBuilder().build()).create();
      return Optional.ofNullable(review.getStatus().getUserInfo().getUsername());
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /// Whether an account may do something, as the server sees it.
  ///
  /// @param resource plural, with `/subresource` where one is meant
  /// @param in empty for all namespaces
  /// @param name empty for any
  boolean may(String account, String verb, String group, String resource, String in, String name) {
    var slash = resource.indexOf('/');
    var asked = new ResourceAttributes();
    asked.setVerb(verb);
    asked.setGroup(group);
    asked.setResource(slash < 0 ? resource : resource.substring(0, slash));
    asked.setSubresource(slash < 0 ? null : resource.substring(slash + 1));
    asked.setNamespace(in.isEmpty() ? null : in);
    asked.setName(name.isEmpty() ? null : name);
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(account)
            .withGroups(groups(account))
            .withResourceAttributes(asked)
            .endSpec()
            .build();
    var answer = ask("create", REVIEW, "", () -> client.resource(review).create());
    return Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }

  private static List<String> groups(String account) {
    var parts = account.split(":", -1);
    return parts.length == 4
        ? List.of(
            "system:serviceaccounts", "system:serviceaccounts:" + parts[2], "system:authenticated")
        : List.of("system:authenticated");
  }

  /// Kinds that the server knows in an API version, by name such as `Canary`; empty when it does
  /// not know the version.
  Set<String> served(String apiVersion) {
    var group = new Kind(apiVersion, "", "", "", false);
    var found =
        ask("get", group, "", () -> Optional.ofNullable(client.getApiResources(apiVersion)));
    return found.stream()
        .flatMap(list -> list.getResources().stream())
        .map(APIResource::getKind)
        .collect(Collectors.toSet());
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(Kind kind) {
    return client.genericKubernetesResources(
        new ResourceDefinitionContext.Builder()
            .withGroup(kind.group())
            .withVersion(kind.version())
            .withKind(kind.kind())
            .withPlural(kind.plural())
            .withNamespaced(kind.namespaced())
            .build());
  }

  private Resource<GenericKubernetesResource> one(Kind kind, String in, String name) {
    return kind.namespaced() ? all(kind).inNamespace(in).withName(name) : all(kind).withName(name);
  }

  /// @param in not looked at for kinds without namespaces
  Optional<ObjectNode> find(Kind kind, String in, String name) {
    return ask("get", kind, in, () -> Optional.ofNullable(one(kind, in, name).get()))
        .map(ClusterAccess::json);
  }

  /// @param in empty for all namespaces
  List<ObjectNode> list(Kind kind, String in) {
    return list(kind, in, Map.of());
  }

  /// @param in empty for all namespaces
  /// @param labels that they have to have
  List<ObjectNode> list(Kind kind, String in, Map<String, String> labels) {
    var list =
        ask(
            "list",
            kind,
            in,
            () ->
                in.isEmpty()
                    ? all(kind).inAnyNamespace().withLabels(labels).list()
                    : all(kind).inNamespace(in).withLabels(labels).list());
    var found = new ArrayList<ObjectNode>();
    list.getItems().forEach(item -> found.add(json(item)));
    return found;
  }

  ObjectNode create(Kind kind, ObjectNode object) {
    var typed = JSON.convertValue(object, GenericKubernetesResource.class);
    var in = typed.getMetadata().getNamespace();
    return json(ask("create", kind, in, () -> all(kind).inNamespace(in).resource(typed).create()));
  }

  /// Asks for the deletion of an object; that it is gone already is fine.
  void delete(Kind kind, String in, String name) {
    ask("delete", kind, in, () -> one(kind, in, name).delete());
  }

  /// Waits until an object is not in the version that is known.
  ///
  /// @return the object as it is then, or as known when the time is over; empty when it is gone
  Optional<ObjectNode> changed(Kind kind, String in, String name, String version, Duration most) {
    try {
      return Optional.ofNullable(
              one(kind, in, name)
                  .waitUntilCondition(
                      object ->
                          object == null
                              || !version.equals(object.getMetadata().getResourceVersion()),
                      Math.max(1, most.toMillis()),
                      TimeUnit.MILLISECONDS))
          .map(ClusterAccess::json);
    } catch (KubernetesClientTimeoutException e) {
      return find(kind, in, name);
    } catch (KubernetesClientException e) {
      throw ClusterException.of(e, request("watch", kind, in));
    }
  }

  private <T> T ask(String verb, Kind kind, String in, Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw ClusterException.of(e, request(verb, kind, in));
    }
  }

  private ClusterException.Request request(String verb, Kind kind, String in) {
    return new ClusterException.Request(server(), verb, kind, in);
  }

  private static ObjectNode json(GenericKubernetesResource resource) {
    JsonNode tree = JSON.valueToTree(resource);
    return (ObjectNode) tree;
  }

  @Override
  public void close() {
    client.close();
  }
}
