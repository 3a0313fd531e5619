package dev.serin.rollout;

import dev.serin.judge.Assessment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was seen of the world before a decision.
///
/// @param target the workload that the user owns
/// @param canary the copy that runs the revision under trial
/// @param route what the data plane is known to do
/// @param round answers to the last round of checks, if one was taken
/// @param evidence a sequential test that already decided, between rounds
/// @param proof whether observed traffic contradicts the wanted split
/// @param gates answers of webhook gates by name; a gate that was not asked is not here
/// @param command the oldest command that was not answered yet
/// @param suspended whether `spec.suspend` is set
/// @param deleting whether the Canary is being deleted
/// @param mayNotStart why no rollout may start now (window, limit), in words; empty when it may
/// @param hold why a rollout must not advance for a reason of the world (contested autoscaler), in
///   words
/// @param nextRollout the number that the next rollout gets
/// @param exposed configuration that differs from stable's, and that stable pods see all the same,
///   because they have it mounted
public record Seen(
    Target target,
    Canary canary,
    Route route,
    Optional<Round> round,
    Optional<Condemned> evidence,
    Proof proof,
    Map<String, GateAnswer> gates,
    Optional<Command> command,
    boolean suspended,
    boolean deleting,
    Optional<String> mayNotStart,
    Optional<String> hold,
    int nextRollout,
    List<String> exposed) {

  public Seen {
    gates = Map.copyOf(gates);
    exposed = List.copyOf(exposed);
  }

  /// The workload that the user owns.
  public sealed interface Target {

    /// @param reason why it cannot be told; nothing is concluded from it
    record Unknown(String reason) implements Target {}

    /// It does not exist, or is being deleted.
    record Missing() implements Target {}

    /// It cannot be taken: somebody else drives it, a setting of it forbids it.
    ///
    /// @param problems all of them, each with its cure
    record Unfit(List<String> problems) implements Target {}

    /// @param revision id of the template that it carries now
    /// @param standing what is known of that revision
    /// @param remade whether it is another object than the one that was adopted (new UID)
    /// @param marked whether it carries our label and is held as wanted
    /// @param asWanted whether its template is the one that the state wants it to run, with paused
    ///   as wanted
    /// @param steady whether every wanted pod runs the carried template and is available
    /// @param serves whether it has enough available pods to answer requests
    /// @param replicas pods that it wants
    /// @param keepsCapacity whether its strategy keeps enough pods to serve its share while it
    ///   rolls
    /// @param rollout how the controller of the workload fares with the carried template
    /// @param bypass the reason on the break-glass annotation, if it is there
    record Present(
        String revision,
        Standing standing,
        boolean remade,
        boolean marked,
        boolean asWanted,
        boolean steady,
        boolean serves,
        int replicas,
        boolean keepsCapacity,
        Health rollout,
        Optional<String> bypass)
        implements Target {

      /// The same, while its pods have not been steady for long enough.
      public Present notSteadyYet() {
        return new Present(
            revision,
            standing,
            remade,
            marked,
            asWanted,
            false,
            serves,
            replicas,
            keepsCapacity,
            rollout,
            bypass);
      }
    }
  }

  /// What is known of a revision from before.
  public enum Standing {
    /// Never tried, or forgotten.
    NEW,
    /// Tried and rejected.
    REJECTED,
    /// It was stable within the rollback window.
    PROVEN
  }

  /// How pods that are being started fare.
  public sealed interface Health {

    /// Nothing to worry about.
    record Fine() implements Health {}

    /// Not ready yet, with the reason that pods or their controller give; worth waiting for.
    record Slow(String reason) implements Health {}

    /// Waiting cannot help: a wrong image name, a broken configuration, a crash loop.
    record Broken(String reason) implements Health {}
  }

  /// The copy that runs the revision under trial.
  public sealed interface Canary {

    record Absent() implements Canary {}

    /// @param revision that its pods run, or are to run
    /// @param available pods that run this revision and can answer requests
    /// @param health how its pods fare
    record Present(String revision, int available, Health health) implements Canary {}
  }

  /// What the data plane is known to do.
  public sealed interface Route {

    /// The data plane follows this split.
    record Confirmed(TrafficSplit split) implements Route {}

    /// Something was written, or has yet to be, and the data plane has not confirmed it.
    ///
    /// @param reason what is missing, in the mesh's words
    /// @param mayReachCanary whether requests may reach the canary meanwhile
    record Unconfirmed(String reason, boolean mayReachCanary) implements Route {}

    /// It cannot be made: a kind that is not installed, an object of somebody else.
    record Unfit(List<String> problems) implements Route {}

    /// There is no route, and nothing that could still send requests to the canary.
    record Absent() implements Route {}
  }

  /// A round of checks, answered.
  ///
  /// @param id the question that was asked
  /// @param assessments one for each check, dry runs included
  public record Round(RoundId id, List<Assessment> assessments) {
    public Round {
      assessments = List.copyOf(assessments);
    }
  }

  /// Which round was asked, so that a late answer is never taken for another's.
  ///
  /// @param rollout number of the rollout
  /// @param step index of the step
  /// @param due when it was due
  public record RoundId(int rollout, int step, Instant due) {}

  /// A sequential test that has decided against the canary.
  ///
  /// @param rollout number of the rollout
  /// @param reason in one sentence
  /// @param because what the tests say that decided
  public record Condemned(int rollout, String reason, List<Assessment> because) {
    public Condemned {
      because = List.copyOf(because);
    }

    /// A decision of which only the sentence is known.
    public Condemned(int rollout, String reason) {
      this(rollout, reason, List.of());
    }
  }

  /// Traffic proof.
  public sealed interface Proof {
    /// Not contradicted: agrees, too little traffic to tell, or switched off.
    record Agrees() implements Proof {}

    /// @param reason observed and wanted share in words
    record Contradicts(String reason) implements Proof {}
  }

  /// What a webhook gate said, asked in the state that it is seen in.
  public sealed interface GateAnswer {
    /// Go on.
    record Open() implements GateAnswer {}

    /// Not now.
    ///
    /// @param reason in the system's own words
    /// @param at when it was asked
    record Closed(String reason, Instant at) implements GateAnswer {}

    /// It was asked and nobody answered.
    ///
    /// @param reason why, in the words of whoever tried
    record Silent(String reason) implements GateAnswer {}
  }
}
