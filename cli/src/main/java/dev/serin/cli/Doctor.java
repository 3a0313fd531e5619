package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.controller.mesh.Meshes;
import dev.serin.mesh.Mesh;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Looks at everything that Serin needs of a cluster. Changes nothing.
final class Doctor {
  private static final List<Kind> OURS =
      List.of(Kind.CANARY, Kind.CANARY_COMMAND, Kind.METRIC_TEMPLATE, Kind.ALERT_PROVIDER);
  private static final String ADMISSION = "admissionregistration.k8s.io/v1";
  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);
  private static final Kind ACCOUNT = new Kind("", "v1", "ServiceAccount", "serviceaccounts", true);
  private static final String NAME = "serin";
  private static final String INSTALL = "canary install --image IMAGE | kubectl apply -f -";

  /// How long a controller's Lease may go without being renewed; it lasts 15 s.
  private static final Duration STALE = Duration.ofSeconds(60);

  private final ClusterAccess access;
  private final String home;
  private final Instant now;
  private final Map<String, Set<String>> served = new HashMap<>();

  /// @param home namespace of the controller and its account
  Doctor(ClusterAccess access, String home, Instant now) {
    this.access = access;
    this.home = home;
    this.now = now;
  }

  /// @throws ClusterException when the API server does not answer at all
  List<Finding> examine() {
    var found = new ArrayList<Finding>();
    found.add(
        Finding.ok(
            "cluster",
            "Kubernetes %s at %s, as %s"
                .formatted(
                    access.version(), access.server(), access.user().orElse("somebody unknown"))));
    var canaries = look(this::canaries);
    found.add(guarded("definitions", this::definitions));
    found.add(guarded("hold", () -> hold(canaries)));
    found.add(guarded("commands", this::commands));
    found.add(guarded("account", this::account));
    found.addAll(several("rights", () -> new ControllerRights(access, accountName()).examine()));
    found.add(guarded("controller", this::controller));
    found.addAll(several("meshes", () -> meshes(canaries)));
    found.add(metrics(canaries));
    found.addAll(stalled(canaries));
    return List.copyOf(found);
  }

  private String accountName() {
    return "system:serviceaccount:" + home + ":" + NAME;
  }

  private static Finding guarded(String about, Supplier<Finding> question) {
    try {
      return question.get();
    } catch (ClusterException e) {
      return Finding.unknown(about, Objects.requireNonNullElse(e.getMessage(), "no answer"));
    }
  }

  private static List<Finding> several(String about, Supplier<List<Finding>> question) {
    try {
      return question.get();
    } catch (ClusterException e) {
      return List.of(
          Finding.unknown(about, Objects.requireNonNullElse(e.getMessage(), "no answer")));
    }
  }

  private boolean serves(String apiVersion, String kind) {
    return served.computeIfAbsent(apiVersion, access::served).contains(kind);
  }

  private boolean serves(Kind kind) {
    return serves(kind.apiVersion(), kind.kind());
  }

  /// All Canaries of the cluster, or else of the namespace.
  private List<ObjectNode> canaries() {
    if (!serves(Kind.CANARY)) {
      return List.of();
    }
    try {
      return access.list(Kind.CANARY, "");
    } catch (ClusterException e) {
      if (!e.isForbidden()) {
        throw e;
      }
      return access.list(Kind.CANARY, access.namespace());
    }
  }

  private static List<ObjectNode> look(Supplier<List<ObjectNode>> question) {
    try {
      return question.get();
    } catch (ClusterException e) {
      if (!e.isForbidden()) {
        throw e;
      }
      return List.of();
    }
  }

  private Finding definitions() {
    var missing = OURS.stream().filter(kind -> !serves(kind)).map(Kind::kind).toList();
    return missing.isEmpty()
        ? Finding.ok("definitions", "all kinds of " + Kind.CANARY.apiVersion() + " are known")
        : Finding.problem(
            "definitions",
            "the cluster does not know %s of %s"
                .formatted(String.join(", ", missing), Kind.CANARY.apiVersion()),
            "canary install --crds-only | kubectl apply -f -");
  }

  private Finding hold(List<ObjectNode> canaries) {
    var paused =
        canaries.stream().filter(each -> each.at("/status/hold").asText().equals("Paused")).count();
    if (!serves(ADMISSION, "MutatingAdmissionPolicy")) {
      return Finding.advice(
          "hold",
          "this Kubernetes has no MutatingAdmissionPolicy: adopted Deployments are paused, also at"
              + " rest",
          "upgrade to Kubernetes 1.36 and run canary install again; until then"
              + " canary install --mutating-policies=false is right");
    }
    var policy = policy("MutatingAdmissionPolicy", "mutatingadmissionpolicies", "serin-hold");
    if (policy.isEmpty()) {
      return Finding.advice(
          "hold",
          "the policy serin-hold is not installed: adopted Deployments are paused, also at rest",
          INSTALL);
    }
    if (!exempts(policy.get())) {
      return Finding.problem(
          "hold",
          "the policy serin-hold does not exempt %s: what the controller releases would be held"
              .formatted(accountName()),
          "run the controller as the account that the policy names, or install both anew: "
              + INSTALL);
    }
    return paused == 0
        ? Finding.ok("hold", "new revisions are held by the policy serin-hold")
        : Finding.advice(
            "hold",
            "the policy serin-hold is installed, but %d of %d Canaries still pause their Deployments"
                .formatted(paused, canaries.size()),
            "start the controller without --hold=paused");
  }

  private boolean exempts(JsonNode policy) {
    for (var condition : policy.at("/spec/matchConditions")) {
      if (condition.path("expression").asText().contains("'" + accountName() + "'")) {
        return true;
      }
    }
    return false;
  }

  /// A policy that is bound.
  private Optional<ObjectNode> policy(String kind, String plural, String name) {
    var group = "admissionregistration.k8s.io";
    var binding =
        new Kind(
            group, "v1", kind + "Binding", plural.replace("policies", "policybindings"), false);
    return access
        .find(new Kind(group, "v1", kind, plural, false), "", name)
        .filter(_ -> access.find(binding, "", name).isPresent());
  }

  private Finding commands() {
    var kind = "ValidatingAdmissionPolicy";
    var there =
        serves(ADMISSION, kind)
            && policy(kind, "validatingadmissionpolicies", "serin-commands").isPresent();
    return there
        ? Finding.ok("commands", "the policy serin-commands checks who gives commands")
        : Finding.problem(
            "commands",
            "nothing checks who gives commands, so approve, promote, abort and the others are"
                + " refused",
            INSTALL + " (Kubernetes 1.30 or newer)");
  }

  private Finding account() {
    return access.find(ACCOUNT, home, NAME).isPresent()
        ? Finding.ok("account", "%s exists".formatted(accountName()))
        : Finding.problem(
            "account",
            "there is no ServiceAccount %s in namespace %s".formatted(NAME, home),
            INSTALL + ", or name its namespace with --serin-namespace");
  }

  private Finding controller() {
    var deployment = access.find(Kind.DEPLOYMENT, home, NAME);
    var lease = access.find(LEASE, home, NAME);
    var renewed = lease.map(each -> each.at("/spec/renewTime").asText()).flatMap(Doctor::instant);
    if (renewed.filter(at -> at.isAfter(now.minus(STALE))).isPresent()) {
      return Finding.ok(
          "controller", "%s acts".formatted(lease.get().at("/spec/holderIdentity").asText("one")));
    }
    var pods =
        deployment
            .map(
                each ->
                    "its Deployment has %d of %d pods ready"
                        .formatted(
                            each.at("/status/readyReplicas").asInt(),
                            each.at("/spec/replicas").asInt(1)))
            .orElse("it has no Deployment " + home + "/" + NAME);
    return Finding.problem(
        "controller",
        "no controller acts: "
            + renewed
                .map(at -> "the last one was heard of %s ago".formatted(Sentences.age(at, now)))
                .orElse("none was ever heard of")
            + "; "
            + pods,
        deployment.isPresent()
            ? "kubectl -n %s logs deployment/%s".formatted(home, NAME)
            : INSTALL + ", or canary controller");
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private List<Finding> meshes(List<ObjectNode> canaries) {
    var installed = Meshes.all().stream().filter(this::isInstalled).map(Mesh::name).toList();
    var found = new ArrayList<Finding>();
    found.add(
        installed.isEmpty()
            ? Finding.problem(
                "meshes",
                "the cluster knows no routes of any mesh or gateway",
                "install one of " + String.join(", ", Meshes.names()))
            : Finding.ok("meshes", "routes of " + String.join(", ", installed) + " are known"));
    var wanted = new TreeMap<String, List<String>>();
    for (var canary : canaries) {
      var provider = canary.at("/spec/provider").asText();
      if (!provider.isEmpty() && !installed.contains(provider)) {
        wanted.computeIfAbsent(provider, _ -> new ArrayList<>()).add(place(canary));
      }
    }
    wanted.forEach(
        (provider, names) ->
            found.add(
                Finding.problem(
                    "meshes",
                    "%s route by %s, which is not installed"
                        .formatted(String.join(", ", names), provider),
                    "install it, or change spec.provider to one of " + Meshes.names())));
    return found;
  }

  private boolean isInstalled(Mesh mesh) {
    var kinds = mesh.kinds();
    return kinds.stream()
        .filter(kind -> kind.group().equals(kinds.getFirst().group()))
        .anyMatch(this::serves);
  }

  /// Only the controller is where it can reach the metrics; what it found is in the Canaries.
  private static Finding metrics(List<ObjectNode> canaries) {
    var silent = new ArrayList<String>();
    var reasons = new TreeSet<String>();
    int asked = 0;
    for (var canary : canaries) {
      for (var check : canary.at("/status/checks")) {
        asked++;
        if (check.path("verdict").asText().equals("UNAVAILABLE")) {
          silent.add(place(canary) + " " + check.path("name").asText());
          reasons.add(check.path("reason").asText());
        }
      }
    }
    if (asked == 0) {
      return Finding.unknown(
          "metrics", "no Canary has asked for metrics yet; the first rollout will show");
    }
    return silent.isEmpty()
        ? Finding.ok("metrics", "all %d checks were answered when last asked".formatted(asked))
        : Finding.problem(
            "metrics",
            "%d of %d checks got no answer when last asked (%s): %s"
                .formatted(
                    silent.size(), asked, String.join(", ", silent), String.join("; ", reasons)),
            "see that --metrics-server of the controller, or the MetricTemplate's provider, can be"
                + " reached from namespace serin");
  }

  private static List<Finding> stalled(List<ObjectNode> canaries) {
    var found = new ArrayList<Finding>();
    for (var canary : canaries) {
      for (var condition : canary.at("/status/conditions")) {
        if (condition.path("type").asText().equals("Stalled")
            && condition.path("status").asText().equals("True")) {
          found.add(
              Finding.problem(
                  "canary",
                  "%s stands still (%s): %s"
                      .formatted(
                          place(canary),
                          condition.path("reason").asText(),
                          condition.path("message").asText().replace('\n', ' ')),
                  "canary get %s -n %s"
                      .formatted(
                          canary.at("/metadata/name").asText(),
                          canary.at("/metadata/namespace").asText())));
        }
      }
    }
    if (found.isEmpty() && !canaries.isEmpty()) {
      found.add(Finding.ok("canaries", "none of %d stands still".formatted(canaries.size())));
    }
    return found;
  }

  private static String place(ObjectNode canary) {
    return canary.at("/metadata/namespace").asText() + "/" + canary.at("/metadata/name").asText();
  }
}
