package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.StoredKind.ScalePaths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The kinds that every cluster serves, as Kubernetes 1.36 describes them. The schemas are made by
/// `hack/sandbox-schemas`.
final class BuiltIns {

  static final String OBJECT_META = "apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private static final String ADMISSION = "admissionregistration.k8s.io";
  private static final String RBAC = "rbac.authorization.k8s.io";

  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private static final class Definitions {
    static final JsonNode ALL = read();

    private static JsonNode read() {
      try (InputStream in = BuiltIns.class.getResourceAsStream("built-ins.json")) {
        if (in == null) {
          throw new IllegalStateException("the schemas of the built-in kinds are missing");
        }
        return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private BuiltIns() {}

  static List<StoredKind> all() {
    var workload = new WorkloadRules();
    var policies = new PlainRules(false, true);
    var plain = new PlainRules(true, false);
    var versioned = new PlainRules(true, true);
    return List.of(
        core("Namespace", "namespaces", false, "ns").status().with(new NamespaceRules()).kind(),
        core("Node", "nodes", false, "no").status().with(plain).kind(),
        core("Pod", "pods", true, "po")
            .all()
            .status()
            .selectable("spec.nodeName", "status.phase", "status.podIP", "spec.serviceAccountName")
            .with(new PodRules())
            .kind(),
        core("Service", "services", true, "svc").all().status().with(new ServiceRules()).kind(),
        core("ConfigMap", "configmaps", true, "cm").with(plain).kind(),
        core("Secret", "secrets", true).selectable("type").with(new SecretRules()).kind(),
        core("ServiceAccount", "serviceaccounts", true, "sa").with(plain).kind(),
        core("PersistentVolumeClaim", "persistentvolumeclaims", true, "pvc")
            .status()
            .with(plain)
            .kind(),
        core("Event", "events", true, "ev")
            .also(new Kind("events.k8s.io", "v1", "Event", "events", true))
            .selectable("involvedObject.name", "involvedObject.kind", "reason", "type")
            .with(new EventRules())
            .kind(),
        apps("Deployment", "deployments", "deploy").scaled().with(workload).kind(),
        apps("ReplicaSet", "replicasets", "rs").scaled().with(workload).kind(),
        apps("StatefulSet", "statefulsets", "sts").scaled().with(workload).kind(),
        apps("DaemonSet", "daemonsets", "ds").with(workload).kind(),
        new Draft("apps", "v1", "ControllerRevision", "controllerrevisions", true)
            .with(new RevisionRules())
            .kind(),
        new Draft(
                "autoscaling",
                "v2",
                "HorizontalPodAutoscaler",
                "horizontalpodautoscalers",
                true,
                "hpa")
            .all()
            .status()
            .with(new AutoscalerRules())
            .kind(),
        new Draft("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true, "pdb")
            .status()
            .with(policies)
            .kind(),
        new Draft("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true, "netpol")
            .with(versioned)
            .kind(),
        new Draft("networking.k8s.io", "v1", "Ingress", "ingresses", true, "ing")
            .status()
            .with(versioned)
            .kind(),
        new Draft("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true)
            .with(new EndpointSliceRules())
            .kind(),
        new Draft("coordination.k8s.io", "v1", "Lease", "leases", true)
            .with(new PlainRules(false, false))
            .kind(),
        new Draft(
                "apiextensions.k8s.io",
                "v1",
                "CustomResourceDefinition",
                "customresourcedefinitions",
                false,
                "crd",
                "crds")
            .status()
            .with(new DefinitionRules())
            .kind(),
        new Draft(RBAC, "v1", "Role", "roles", true).with(plain).kind(),
        new Draft(RBAC, "v1", "RoleBinding", "rolebindings", true).with(plain).kind(),
        new Draft(RBAC, "v1", "ClusterRole", "clusterroles", false).with(plain).kind(),
        new Draft(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", false)
            .with(plain)
            .kind(),
        admission("MutatingAdmissionPolicy", "mutatingadmissionpolicies").kind(),
        admission("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings").kind(),
        admission("ValidatingAdmissionPolicy", "validatingadmissionpolicies").status().kind(),
        admission("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings").kind(),
        admission("MutatingWebhookConfiguration", "mutatingwebhookconfigurations").kind(),
        admission("ValidatingWebhookConfiguration", "validatingwebhookconfigurations").kind());
  }

  /// The schema that a definition of a built-in kind, or a part of one, is called by.
  static Schema schema(String definition) {
    var known = SCHEMAS.get(definition);
    if (known == null) {
      var raw = Definitions.ALL.get(definition);
      if (raw == null) {
        throw new IllegalArgumentException("no built-in schema is called " + definition);
      }
      known = Schema.of(raw, BuiltIns::schema);
      SCHEMAS.put(definition, known);
    }
    return known;
  }

  private static Draft core(String kind, String plural, boolean namespaced, String... shortNames) {
    return new Draft("", "v1", kind, plural, namespaced, shortNames);
  }

  private static Draft apps(String kind, String plural, String shortName) {
    return new Draft("apps", "v1", kind, plural, true, shortName).all().status();
  }

  private static Draft admission(String kind, String plural) {
    return new Draft(ADMISSION, "v1", kind, plural, false).with(new PlainRules(false, true));
  }

  /// A kind as it is being described.
  private static final class Draft {
    private final Kind kind;
    private final List<String> shortNames;
    private List<String> categories = List.of();
    private Set<String> selectable = Set.of();
    private final List<Kind> aliases = new ArrayList<>();
    private boolean status;
    private Optional<ScalePaths> scale = Optional.empty();
    private KindRules rules = KindRules.NONE;

    Draft(
        String group,
        String version,
        String kind,
        String plural,
        boolean namespaced,
        String... shortNames) {
      this.kind = new Kind(group, version, kind, plural, namespaced);
      this.shortNames = List.of(shortNames);
    }

    Draft all() {
      categories = List.of("all");
      return this;
    }

    Draft status() {
      status = true;
      return this;
    }

    Draft scaled() {
      scale =
          Optional.of(
              new ScalePaths(
                  List.of("spec", "replicas"),
                  List.of("status", "replicas"),
                  List.of("spec", "selector")));
      return this;
    }

    /// The same objects, served in another group too.
    Draft also(Kind alias) {
      aliases.add(alias);
      return this;
    }

    Draft selectable(String... fields) {
      selectable = Set.of(fields);
      return this;
    }

    Draft with(KindRules rules) {
      this.rules = rules;
      return this;
    }

    StoredKind kind() {
      var versions = new ArrayList<StoredKind.Version>();
      versions.add(version(kind));
      aliases.forEach(alias -> versions.add(version(alias)));
      return new StoredKind(
          kind.group(),
          kind.kind(),
          kind.plural(),
          kind.namespaced(),
          shortNames,
          categories,
          kind.version(),
          versions,
          rules,
          selectable);
    }

    private StoredKind.Version version(Kind served) {
      return new StoredKind.Version(
          served, false, schema(definition(served)), status, scale, List.of());
    }

    /// `apps` is `apps.v1.X`, `rbac.authorization.k8s.io` is `rbac.v1.X`.
    private static String definition(Kind kind) {
      var group = kind.group().isEmpty() ? "core" : kind.group();
      var first = group.contains(".") ? group.substring(0, group.indexOf('.')) : group;
      var prefix = first.equals("apiextensions") ? "apiextensions-apiserver.pkg.apis." : "";
      return prefix + first + "." + kind.version() + "." + kind.kind();
    }
  }
}
