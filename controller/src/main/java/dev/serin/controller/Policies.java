package dev.serin.controller;

import dev.serin.controller.cluster.AdmissionPolicy;
import dev.serin.controller.cluster.AdmissionPolicy.State;
import dev.serin.controller.cluster.KubernetesCluster;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the admission policies of the cluster mean for this process, as they are at any moment.
final class Policies implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

  private final ControllerSettings settings;
  private final String identity;
  private final AdmissionPolicy hold;
  private final AdmissionPolicy commands;
  private String said = "";
  private boolean held;
  private boolean checked;
  private Meaning meaning = new Meaning(false, Optional.empty());

  private record Meaning(boolean holdByPolicy, Optional<String> commandsWithheld) {}

  /// @param identity user name under which the server knows this process
  Policies(ControllerSettings settings, String identity, KubernetesCluster cluster) {
    this.settings = settings;
    this.identity = identity;
    this.hold = cluster.holdPolicy();
    this.commands = cluster.commandPolicy();
  }

  /// Why this process must not run; empty when it may.
  Optional<String> refusal() {
    return switch (hold.state()) {
      case State.Active active when !active.exempts(identity) ->
          Optional.of(
              ("MutatingAdmissionPolicy serin-hold would hold back what this process releases: it is"
                      + " '%s', which the policy does not exempt; run as the account that it names"
                      + " (kubectl -n serin create token serin), or change the policy")
                  .formatted(identity));
      case State.Active _ -> Optional.empty();
      case State.Absent _ when settings.hold() == ControllerSettings.Hold.POLICY ->
          Optional.of(
              "--hold is 'policy', and MutatingAdmissionPolicy serin-hold is not installed; install"
                  + " it (canary install), which takes Kubernetes 1.36, or use --hold=auto");
      case State.Unknown(var reason) when settings.hold() == ControllerSettings.Hold.POLICY ->
          Optional.of(
              "--hold is 'policy', and it cannot be told whether MutatingAdmissionPolicy serin-hold"
                  + " is installed: "
                  + reason);
      case State.Absent _, State.Unknown _ -> Optional.empty();
    };
  }

  /// From now on told when [#holdByPolicy] or [#commandsWithheld] may answer otherwise. Must return
  /// at once.
  void onChange(Runnable listener) {
    Runnable look = () -> Thread.ofVirtual().name("policies").start(() -> compare(listener));
    meaning = meaning();
    hold.onChange(look);
    commands.onChange(look);
    look.run();
  }

  private void compare(Runnable listener) {
    synchronized (this) {
      var present = meaning();
      if (present.equals(meaning)) {
        return;
      }
      meaning = present;
    }
    listener.run();
  }

  private Meaning meaning() {
    return new Meaning(holdByPolicy(), commandsWithheld());
  }

  /// Whether both policies are still watched.
  boolean alive() {
    return hold.alive() && commands.alive();
  }

  /// Whether new revisions are held by the policy; else targets have to be paused, also at rest.
  /// While it cannot be told it is as it was.
  synchronized boolean holdByPolicy() {
    var by =
        settings.hold() != ControllerSettings.Hold.PAUSED
            && switch (hold.state()) {
              case State.Active active -> active.exempts(identity);
              case State.Absent _ -> false;
              case State.Unknown _ -> held;
            };
    held = by;
    say(by ? "new revisions are held by the admission policy serin-hold" : pausedBecause());
    return by;
  }

  private String pausedBecause() {
    var held = "new revisions are held by pausing their Deployments, also at rest: ";
    if (settings.hold() == ControllerSettings.Hold.PAUSED) {
      return held + "--hold is 'paused'";
    }
    return held
        + switch (hold.state()) {
          case State.Active _ ->
              "the admission policy serin-hold does not exempt this process, which is " + identity;
          case State.Absent _ -> "the admission policy serin-hold is not installed";
          case State.Unknown(var reason) ->
              "whether the admission policy serin-hold is installed cannot be told: " + reason;
        };
  }

  private void say(String what) {
    if (!what.equals(said)) {
      said = what;
      LOG.info("{}", what);
    }
  }

  /// Why commands of people are refused, with the cure; empty when they are followed. While it
  /// cannot be told it is as it was.
  synchronized Optional<String> commandsWithheld() {
    if (settings.commands() == ControllerSettings.Commands.ALWAYS) {
      return Optional.empty();
    }
    return switch (commands.state()) {
      case State.Active _ -> {
        checked = true;
        yield Optional.empty();
      }
      case State.Absent _ -> {
        checked = false;
        yield Optional.of(
            "nothing checks who may give commands: ValidatingAdmissionPolicy serin-commands is not"
                + " installed; install it (canary install), or run the controller with"
                + " --commands-without-policy");
      }
      case State.Unknown(var reason) ->
          checked
              ? Optional.empty()
              : Optional.of(
                  "whether ValidatingAdmissionPolicy serin-commands is installed cannot be told: "
                      + reason);
    };
  }

  @Override
  public void close() {
    hold.close();
    commands.close();
  }
}
