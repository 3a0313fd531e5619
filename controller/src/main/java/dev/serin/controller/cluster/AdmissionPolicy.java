package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One admission policy of Serin and its binding of the same name, as the server has them now.
public final class AdmissionPolicy implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// What is known of it.
  public sealed interface State {

    /// It is there and bound.
    ///
    /// @param conditions the CEL expressions of its match conditions
    record Active(List<String> conditions) implements State {

      /// Whether it looks away from requests of this user.
      public boolean exempts(String user) {
        return conditions.stream().anyMatch(condition -> condition.contains("'" + user + "'"));
      }
    }

    /// It is not there, not bound, or this server knows no such policies.
    record Absent() implements State {}

    /// It cannot be told.
    record Unknown(String reason) implements State {}
  }

  private static final Kind MUTATING = kind("MutatingAdmissionPolicy", "mutatingadmissionpolicies");
  private static final Kind MUTATING_BINDING =
      kind("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings");
  private static final Kind VALIDATING =
      kind("ValidatingAdmissionPolicy", "validatingadmissionpolicies");
  private static final Kind VALIDATING_BINDING =
      kind("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings");

  /// The kinds of policies and bindings that are looked at.
  public static final List<Kind> KINDS =
      List.of(MUTATING, MUTATING_BINDING, VALIDATING, VALIDATING_BINDING);

  private final String name;
  private final Store policies = new Store((_, _) -> changed());
  private final Store bindings = new Store((_, _) -> changed());
  private final Reflector policy;
  private final Reflector binding;
  private volatile Runnable onChange = () -> {};

  private AdmissionPolicy(
      String name, Kind policy, Kind binding, Transport transport, Reachability reachability) {
    this.name = name;
    this.policy = reflector(policy, policies, transport, reachability);
    this.binding = reflector(binding, bindings, transport, reachability);
  }

  static AdmissionPolicy mutating(String name, Transport transport, Reachability reachability) {
    return new AdmissionPolicy(name, MUTATING, MUTATING_BINDING, transport, reachability);
  }

  static AdmissionPolicy validating(String name, Transport transport, Reachability reachability) {
    return new AdmissionPolicy(name, VALIDATING, VALIDATING_BINDING, transport, reachability);
  }

  private static Kind kind(String kind, String plural) {
    return new Kind("admissionregistration.k8s.io", "v1", kind, plural, false);
  }

  private Reflector reflector(
      Kind kind, Store store, Transport transport, Reachability reachability) {
    var scope = new Reflector.Scope(kind, "", "", "metadata.name=" + name, false);
    return new Reflector(transport, scope, store, reachability, this::changed, () -> false).start();
  }

  /// From now on told when the policy, its binding, or what is known of them may have changed. Must
  /// return at once.
  public void onChange(Runnable listener) {
    onChange = listener;
  }

  private void changed() {
    onChange.run();
  }

  /// What is known now; waits for the first answer of the server.
  public State state() {
    var problem = problem(policy).or(() -> problem(binding));
    if (problem.isPresent()) {
      return new State.Unknown(problem.get());
    }
    return policies
        .get("", name)
        .filter(_ -> bindings.get("", name).isPresent())
        .<State>map(found -> new State.Active(conditions(found)))
        .orElseGet(State.Absent::new);
  }

  private static Optional<String> problem(Reflector reflector) {
    try {
      return switch (reflector.await(PATIENCE)) {
        case Reflector.State.Synced(), Reflector.State.NotServed() -> Optional.empty();
        case Reflector.State.Filling() -> Optional.of("the API server does not answer");
        case Reflector.State.Failing(var reason) -> Optional.of(reason);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("the controller stops");
    }
  }

  private static List<String> conditions(ObjectNode policy) {
    var conditions = policy.path("spec").path("matchConditions");
    return conditions
        .valueStream()
        .map(condition -> condition.path("expression").asText())
        .toList();
  }

  /// Whether both are still watched.
  public boolean alive() {
    return policy.alive() && binding.alive();
  }

  @Override
  public void close() {
    policy.close();
    binding.close();
  }
}
