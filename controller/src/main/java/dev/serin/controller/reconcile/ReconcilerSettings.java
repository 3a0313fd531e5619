package dev.serin.controller.reconcile;

import dev.serin.controller.workload.HoldMode;
import dev.serin.parse.Settings;
import java.util.function.Supplier;

/// What the process that runs the reconciler adds to it.
///
/// @param parsing how Canaries are understood
/// @param hold how templates are held now
/// @param commands whether commands of people can be trusted now
/// @param perNamespace rollouts that may run at once in one namespace; 0 for any number
/// @param total rollouts that may run at once; 0 for any number
public record ReconcilerSettings(
    Settings parsing,
    Supplier<HoldMode> hold,
    Supplier<Trust> commands,
    int perNamespace,
    int total) {

  /// Whether commands are followed.
  public sealed interface Trust {

    /// The API server checks who may command what, or somebody chose to do without.
    record Given() implements Trust {}

    /// @param reason why commands are refused, with the cure
    record Withheld(String reason) implements Trust {}
  }
}
