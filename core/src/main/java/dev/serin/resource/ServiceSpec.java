package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `spec.service` of a Canary: how the workload is reached, and how its route is made.
///
/// @param targetPort a number or a name
/// @param trafficPolicy goes into the mesh's own object as it is
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceSpec(
    @Nullable String name,
    @Nullable Integer port,
    @Nullable String portName,
    @Nullable JsonNode targetPort,
    @Nullable String appProtocol,
    @Nullable Boolean portDiscovery,
    @Nullable Boolean headless,
    @Nullable String trafficDistribution,
    @Nullable String timeout,
    @Nullable String backendTimeout,
    @Nullable List<String> hosts,
    @Nullable List<String> gateways,
    @Nullable List<GatewayRef> gatewayRefs,
    @Nullable RouteRef routeRef,
    @Nullable Boolean delegation,
    @Nullable ObjectNode trafficPolicy,
    @Nullable List<ObjectNode> match,
    @Nullable Rewrite rewrite,
    @Nullable Retries retries,
    @Nullable Headers headers,
    @Nullable CorsPolicy corsPolicy,
    @Nullable List<MirrorTarget> mirror,
    @Nullable String meshName,
    @Nullable List<String> backends,
    @Nullable Metadata apex,
    @Nullable Metadata primary,
    @Nullable Metadata canary,
    @Nullable UnmanagedMetadata unmanagedMetadata) {

  /// A parent of a generated route.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record GatewayRef(
      @Nullable String group,
      @Nullable String kind,
      @Nullable String name,
      @Nullable String namespace,
      @Nullable String sectionName,
      @Nullable Integer port) {}

  /// A route of the user to borrow.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RouteRef(
      @Nullable String apiVersion, @Nullable String kind, @Nullable String name) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rewrite(@Nullable String uri, @Nullable String authority, @Nullable String type) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Retries(
      @Nullable Integer attempts, @Nullable String perTryTimeout, @Nullable String retryOn) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Headers(@Nullable HeaderChanges request, @Nullable HeaderChanges response) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record HeaderChanges(
      @Nullable Map<String, String> add,
      @Nullable Map<String, String> set,
      @Nullable List<String> remove) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CorsPolicy(
      @Nullable List<String> allowOrigin,
      @Nullable List<TextMatch> allowOrigins,
      @Nullable List<String> allowMethods,
      @Nullable List<String> allowHeaders,
      @Nullable List<String> exposeHeaders,
      @Nullable String maxAge,
      @Nullable Boolean allowCredentials) {}

  /// A Service that gets a copy of all requests for good, apart from any rollout.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record MirrorTarget(@Nullable BackendRef backendRef) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BackendRef(
      @Nullable String group,
      @Nullable String kind,
      @Nullable String name,
      @Nullable String namespace,
      @Nullable Integer port) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Metadata(
      @Nullable Map<String, String> labels, @Nullable Map<String, String> annotations) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record UnmanagedMetadata(
      @Nullable List<String> labels, @Nullable List<String> annotations) {}
}
