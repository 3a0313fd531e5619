package dev.serin.controller.outreach;

import dev.serin.cluster.Cluster;
import dev.serin.controller.cluster.ClusterSecrets;
import dev.serin.controller.cluster.ClusterSecrets.Data;
import dev.serin.controller.measure.Assignment;
import dev.serin.controller.measure.Gatekeeper;
import dev.serin.gate.GateAnswer;
import dev.serin.parse.HookSpec;
import dev.serin.webhooks.HookCaller;
import dev.serin.webhooks.HookCredentials;
import dev.serin.webhooks.HookPayload;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Calls the webhooks of Canaries, with what the Secrets of their namespace hold.
final class HookDesk implements Gatekeeper {
  private final ClusterSecrets secrets;
  private final HookCaller caller;

  HookDesk(Cluster cluster, HookCaller caller) {
    this.secrets = new ClusterSecrets(cluster);
    this.caller = caller;
  }

  /// What a call needs to prove who makes it.
  private sealed interface Proof {
    record Ready(HookCredentials credentials) implements Proof {}

    record Missing(String problem) implements Proof {}
  }

  @Override
  public GateAnswer ask(HookSpec hook, Assignment assignment) {
    return switch (proof(hook, assignment.declared().namespace())) {
      case Proof.Missing(var problem) -> new GateAnswer.Unreachable(problem);
      case Proof.Ready(var credentials) ->
          caller.ask(
              hook,
              new HookPayload(
                  assignment.declared().name(),
                  assignment.declared().namespace(),
                  phase(hook.type(), assignment.phase()),
                  assignment.revision(),
                  hook.metadata()),
              credentials);
    };
  }

  /// Flagger calls what belongs to the analysis `Progressing`, whatever comes after it.
  private static String phase(HookSpec.Type type, String phase) {
    return switch (type) {
      case PRE_ROLLOUT, ROLLOUT, CONFIRM_TRAFFIC_INCREASE, CONFIRM_PROMOTION -> "Progressing";
      case CONFIRM_ROLLOUT, ROLLBACK, POST_ROLLOUT, EVENT -> phase;
    };
  }

  /// Tells a hook of the Canary in this namespace.
  ///
  /// @param id the same whenever the same thing is told again
  /// @return empty when it was told, else why not
  Optional<String> tell(HookSpec hook, HookPayload payload, String id) {
    return switch (proof(hook, payload.namespace())) {
      case Proof.Missing(var problem) -> Optional.of(problem);
      case Proof.Ready(var credentials) -> caller.tell(hook, payload, credentials, id);
    };
  }

  private Proof proof(HookSpec hook, String namespace) {
    var known = new HashMap<String, Data>();
    var headers = new HashMap<String, String>();
    for (var header : hook.headers()) {
      switch (value(header.value(), namespace, known)) {
        case Data.Missing(var problem) -> {
          return new Proof.Missing(problem);
        }
        case Data.Held(var value) ->
            headers.put(header.name(), value.getOrDefault(header.value().key(), ""));
      }
    }
    if (hook.signature().isEmpty()) {
      return new Proof.Ready(new HookCredentials(Optional.empty(), headers));
    }
    var key = hook.signature().get();
    return switch (value(key, namespace, known)) {
      case Data.Missing(var problem) -> new Proof.Missing(problem);
      case Data.Held(var value) ->
          new Proof.Ready(new HookCredentials(Optional.ofNullable(value.get(key.key())), headers));
    };
  }

  /// A Secret that has a key, or what is missing.
  private Data value(HookSpec.SecretKey ref, String namespace, Map<String, Data> known) {
    return switch (known.computeIfAbsent(ref.secret(), name -> secrets.of(namespace, name))) {
      case Data.Missing missing -> missing;
      case Data.Held held when held.values().containsKey(ref.key()) -> held;
      case Data.Held _ ->
          new Data.Missing(
              "Secret %s/%s has no key '%s'; add it".formatted(namespace, ref.secret(), ref.key()));
    };
  }
}
