package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The port to one kind of target. A new kind is one file, one line in the list of them, one test
/// that extends the contract, one page.
public interface Workload {

  /// How long pods are ready, at least, before they count: the data plane hears of pods on another
  /// way than of the route, and may be late. Whole seconds.
  Duration HEARD_OF = Duration.ofSeconds(2);

  /// Whether it drives targets like this one.
  boolean drives(CanaryDeclaration.Target target);

  /// The kinds that it reads or writes, so that they are watched where they are installed.
  List<Kind> kinds();

  /// Looks at everything that a Canary's target has to do with. Costs no request.
  Sight look(Subject subject, Cluster cluster);

  /// What was seen, and what follows from it. Everything in it is of one moment.
  interface Sight {

    /// The target, as a decision has to know it.
    ///
    /// @param wanted what the present state wants of it
    Seen.Target target(Wanted.Target wanted);

    /// The copy, as a decision has to know it.
    Seen.Canary canary();

    /// Addresses of the pods that are listed as the canary's, ready or not; empty where the copy
    /// itself tells of its pods.
    Optional<Set<String>> listed();

    /// Why nothing may be concluded from this sight; empty when everything could be read.
    Optional<String> unknown();

    /// What is worth knowing, though it keeps nothing from going on; empty when it was not looked
    /// for, because something is on trial.
    Optional<List<String>> warnings();

    /// Who else gives an autoscaler of the target its own will, in words; empty when nobody does.
    String contested();

    /// Why a rollout must not advance, in words; empty when it may.
    Optional<String> hold();

    /// When this sight changes without any event.
    Optional<Instant> turns();

    /// The target's UID, the generation that was looked at and what it carries; empty when there is
    /// none.
    Optional<Identity> identity();

    /// Whether the target is held though it carries the stable revision, and nothing asks for that
    /// at rest: there it was paused by somebody else.
    boolean isHeldForNothing();

    /// Checksums of the configuration that the target uses, by `configmap/NAME` or `secret/NAME`.
    Map<String, String> configs();

    /// Which of that configuration running pods see change at once.
    List<String> mountedConfigs();

    /// What a rollout that starts now has to remember; empty when the live pods' template is not
    /// known yet.
    ///
    /// @param spec of the Canary, which the rollout goes by
    Optional<RolloutRecord> record(int number, String revision, String stable, JsonNode spec);

    /// The changes of one stage that bring the wanted world nearer; empty when it is there already.
    List<Change> changes(Stage stage, Wanted wanted, Traffic traffic);
  }

  /// @param uid of the target
  /// @param generation of the target that was looked at
  /// @param revision that the target carries in that generation
  record Identity(String uid, long generation, String revision) {}

  /// The order in which changes are safe. Routes are written between [#GROW] and [#SHRINK].
  enum Stage {
    /// Templates are held back.
    HOLD,
    /// The Services are there.
    SERVICES,
    /// Who gets traffic has the pods for it.
    GROW,
    /// Who lost its traffic loses its pods.
    SHRINK,
    /// The target is let go to run what it may run.
    LET_GO,
    /// What helps, and must not keep anything else from happening.
    ASIDE
  }

  /// Whether requests may reach the canary now.
  enum Traffic {
    /// The data plane is known to send it none.
    NONE,
    POSSIBLE
  }
}
