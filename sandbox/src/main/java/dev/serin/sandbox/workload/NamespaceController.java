package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Kinds;
import dev.serin.sandbox.api.Meta;

/// Gives every namespace what Kubernetes gives it: a ServiceAccount `default`.
final class NamespaceController extends Controller {

  NamespaceController(Surroundings surroundings) {
    super("serviceaccount-controller", surroundings);
  }

  @Override
  void start() {
    watch(Kind.NAMESPACE, namespace -> wake(Key.of(namespace)));
    watch(
        Kinds.SERVICE_ACCOUNT,
        account -> {
          if (Meta.name(account).equals("default")) {
            wake(new Key("", Meta.namespace(account)));
          }
        });
  }

  @Override
  void reconcile(Key key) {
    api.find(Kind.NAMESPACE, "", key.name())
        .filter(namespace -> !Meta.terminating(namespace))
        .filter(_ -> api.find(Kinds.SERVICE_ACCOUNT, key.name(), "default").isEmpty())
        .ifPresent(_ -> api.create(account(key.name())));
  }

  private static ObjectNode account(String namespace) {
    var account = Json.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
    account.putObject("metadata").put("name", "default").put("namespace", namespace);
    return account;
  }
}
