package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.FrozenPlan;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import java.util.List;
import java.util.Optional;

/// What can still be understood of a Canary that is being deleted and whose spec is not valid. Only
/// what is needed to let its target go matters: target, provider and Services.
final class Salvage {
  private static final List<String> NEEDED =
      List.of("targetRef", "provider", "service", "revertOnDeletion");
  private static final List<String> NEEDED_OF_SERVICE =
      List.of("name", "port", "gateways", "gatewayRefs", "routeRef", "hosts");

  private Salvage() {}

  static Optional<CanaryDeclaration> declared(ObjectNode canary, Settings settings) {
    if (!(canary.path("spec") instanceof ObjectNode spec)) {
      return Optional.empty();
    }
    var less = spec.deepCopy().retain(NEEDED);
    less.putObject("analysis").put("interval", "10s").putArray("stepWeights").add(50);
    return parse(less, canary, settings)
        .or(
            () -> {
              if (less.path("service") instanceof ObjectNode service) {
                service.retain(NEEDED_OF_SERVICE);
              }
              return parse(less, canary, settings);
            });
  }

  private static Optional<CanaryDeclaration> parse(
      ObjectNode spec, ObjectNode canary, Settings settings) {
    return FrozenPlan.thaw(spec, canary, settings) instanceof Parsed.Valid(var declared)
        ? Optional.of(declared)
        : Optional.empty();
  }
}
