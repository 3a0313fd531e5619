package dev.serin.controller.measure;

import dev.serin.rollout.Seen;
import java.util.Optional;

/// Gathers evidence between the rounds of checks, and watches whether traffic follows the weight.
public interface EvidenceGatherer {

  /// Sees to it that evidence is gathered for this Canary; returns at once. Calling again tells of
  /// a new step or split.
  void gather(Assignment assignment);

  /// No evidence is wanted for now; what there is stays while its rollout does.
  void rest(Assignment assignment);

  /// Forgets a Canary that is gone.
  void forget(String namespace, String name);

  /// A sequential test that has decided against the canary.
  Optional<Seen.Condemned> condemned(String namespace, String name);

  /// Whether observed traffic contradicts the wanted split.
  Seen.Proof proof(String namespace, String name);

  /// Gathers none: every check is a threshold, and the route's own word is taken for traffic.
  static EvidenceGatherer none() {
    return new EvidenceGatherer() {
      @Override
      public void gather(Assignment assignment) {}

      @Override
      public void rest(Assignment assignment) {}

      @Override
      public void forget(String namespace, String name) {}

      @Override
      public Optional<Seen.Condemned> condemned(String namespace, String name) {
        return Optional.empty();
      }

      @Override
      public Seen.Proof proof(String namespace, String name) {
        return new Seen.Proof.Agrees();
      }
    };
  }
}
