package dev.serin.controller.cluster;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;

/// How clients of fabric8 are made.
final class Clients {

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private Clients() {}

  /// @param meter told of every request
  static KubernetesClientBuilder of(Connection connection, RequestMeter meter) {
    var config =
        switch (connection) {
          case Connection.Kubeconfig(var file, var context) -> kubeconfig(file, context);
          case Connection.Plain(var server, var token) -> {
            var plain = new ConfigBuilder(Config.empty()).withMasterUrl(server.toString());
            token.ifPresent(plain::withOauthToken);
            yield plain.build();
          }
        };
    config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    config.setUserAgent("serin");
    // Whoever asked knows best whether asking again makes sense.
    config.setRequestRetryBackoffLimit(0);
    config.setOnlyHttpWatches(true);
    // Fields that a newer server or a newer Canary has must not stop anything.
    var mapper =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    // An empty list of metadata comes as `"items": null`.
    mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    var serialization = new KubernetesSerialization(mapper, false);
    // The kind of metadata-only answers, and of servers that do not know them.
    serialization.registerKubernetesResource(
        "meta.k8s.io/v1", "PartialObjectMetadata", CanaryResource.class);
    serialization.registerKubernetesResource(CanaryResource.class);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization)
        .withHttpClientFactory(new VirtualThreadHttp())
        .withTaskExecutor(Executors.newVirtualThreadPerTaskExecutor())
        .withHttpClientBuilderConsumer(
            http ->
                http.addOrReplaceInterceptor("METADATA", new MetadataOfCanaries())
                    .addOrReplaceInterceptor("METER", new Meter(meter)));
  }

  private static Config kubeconfig(Optional<Path> file, Optional<String> context) {
    try {
      if (file.isPresent() && !Files.isReadable(file.get())) {
        throw new IllegalArgumentException(
            "kubeconfig '%s' cannot be read; name a file that exists".formatted(file.get()));
      }
      var config =
          file.isPresent()
              ? Config.fromKubeconfig(context.orElse(null), file.get().toFile())
              : Config.autoConfigure(context.orElse(null));
      context.ifPresent(name -> insist(config, name));
      return config;
    } catch (KubernetesClientException e) {
      throw new IllegalArgumentException("the kubeconfig cannot be used: " + e.getMessage(), e);
    }
  }

  /// An unknown context is otherwise passed over in silence.
  private static void insist(Config config, String context) {
    var known = config.getContexts().stream().map(NamedContext::getName).toList();
    if (!known.contains(context)) {
      throw new IllegalArgumentException("context is '%s'; known are %s".formatted(context, known));
    }
  }

  /// JOSDK only has to know which Canaries there are; their contents are watched by us.
  private record MetadataOfCanaries() implements Interceptor {

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      var path = request.uri().getPath();
      if (request.method().equals("GET")
          && path.endsWith("/canaries")
          && request.header("Accept") == null) {
        var list = request.uri().getQuery() == null || !request.uri().getQuery().contains("watch=");
        builder.setHeader(
            "Accept",
            "application/json;as=PartialObjectMetadata%s;g=meta.k8s.io;v=v1,application/json"
                .formatted(list ? "List" : ""));
      }
    }
  }

  private record Meter(RequestMeter meter) implements Interceptor {

    @Override
    public void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      meter.count(verb(request), response.code());
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
      meter.count(verb(request), 0);
    }

    private static String verb(HttpRequest request) {
      var query = Optional.ofNullable(request.uri().getQuery()).orElse("");
      return switch (request.method()) {
        case "GET" ->
            query.contains("watch=") ? "watch" : query.contains("limit=") ? "list" : "get";
        case "POST" -> "create";
        case "PUT" -> "update";
        case "PATCH" -> query.contains("force=true") ? "apply" : "patch";
        case "DELETE" -> "delete";
        case String other -> other.toLowerCase(Locale.ROOT);
      };
    }
  }
}
