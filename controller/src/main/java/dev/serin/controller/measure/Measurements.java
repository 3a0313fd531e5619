package dev.serin.controller.measure;

import dev.serin.rollout.Seen;
import java.util.Map;
import java.util.Optional;

/// What is found out by asking others. Asking returns at once; an answer wakes the Canary that it
/// is for.
public interface Measurements {

  /// What has been answered so far. Costs nothing.
  ///
  /// @param situation what gates are asked about now; answers about others are left out
  Known known(String namespace, String name, String situation);

  /// Sees to it that these questions are being asked; asking again changes nothing.
  void ask(Assignment assignment);

  /// Forgets a Canary that is gone.
  void forget(String namespace, String name);

  /// @param round the last round of checks that was answered
  /// @param evidence a sequential test that has decided
  /// @param proof whether observed traffic contradicts the wanted split
  /// @param gates answers by name
  /// @param forecast what the checks of the next rollout, or the present one, can decide; empty
  ///   when that was not found out
  record Known(
      Optional<Seen.Round> round,
      Optional<Seen.Condemned> evidence,
      Seen.Proof proof,
      Map<String, Seen.GateAnswer> gates,
      Optional<Forecast> forecast) {

    public Known {
      gates = Map.copyOf(gates);
    }

    /// Nothing has been answered.
    public static Known nothing() {
      return new Known(
          Optional.empty(), Optional.empty(), new Seen.Proof.Agrees(), Map.of(), Optional.empty());
    }
  }
}
