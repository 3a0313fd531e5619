package dev.serin.sandbox.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.cluster.Kind;
import dev.serin.controller.install.InstallManifests;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.Sandbox;
import dev.serin.sandbox.admission.CommandAdmission;
import dev.serin.sandbox.admission.HoldAdmission;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.SandboxCluster;
import dev.serin.sandbox.time.VirtualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A cluster with the controller in it, in time that somebody turns: API server, workloads,
/// modelled traffic and metrics of the sandbox, and the controller as it runs everywhere, put
/// together by [dev.serin.controller.Deciders]. Two rehearsals of the same are equal, to the last
/// request.
///
/// Not safe for use from many threads.
public final class Rehearsal implements AutoCloseable {

  /// The account of the controller, with the rights that the chart gives it.
  public static final Caller SERIN = Caller.serviceAccount("serin", "serin");

  /// What `canary install` puts into a cluster, without the controller.
  private static final class Manifests {
    static final List<ObjectNode> DEFINITIONS = new ArrayList<>();
    static final List<ObjectNode> OTHERS = new ArrayList<>();

    static {
      var yaml =
          InstallManifests.render(
              InstallManifests.Parts.NO_CONTROLLER,
              InstallManifests.Policies.MUTATING,
              "",
              List.of());
      for (var object : documents(yaml)) {
        switch (object.path("kind").asText()) {
          case "CustomResourceDefinition" -> DEFINITIONS.add(object);
          case "Namespace" -> OTHERS.addFirst(object);
          default -> OTHERS.add(object);
        }
      }
    }
  }

  private final RehearsalOptions options;
  private final VirtualScheduler time = new VirtualScheduler();
  private final Sandbox sandbox;
  private final List<Occasion> told = new ArrayList<>();
  private final List<RuntimeException> surprises = new ArrayList<>();
  private Optional<ControllerRun> process = Optional.empty();
  private Duration wrong = Duration.ZERO;
  private int crashes;

  private Rehearsal(RehearsalOptions options) {
    this.options = options;
    sandbox = Sandbox.modelled(options.sandbox().definitions(Manifests.DEFINITIONS), time);
    var store = sandbox.store();
    store.pauseBy(_ -> {});
    if (options.hold() == HoldMode.ADMISSION_POLICY) {
      store.admit(new HoldAdmission(SERIN.name()));
    }
    store.admit(new CommandAdmission(SERIN.name()));
    Manifests.OTHERS.forEach(sandbox.api()::create);
  }

  /// A cluster in which the controller has just started.
  public static Rehearsal start(RehearsalOptions options) {
    var rehearsal = new Rehearsal(options);
    rehearsal.startProcess();
    return rehearsal;
  }

  /// Reads all objects of a text of YAML.
  public static List<ObjectNode> documents(String yaml) {
    var mapper = new YAMLMapper();
    try (var all = mapper.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      var found = new ArrayList<ObjectNode>();
      while (all.hasNext()) {
        if (all.next() instanceof ObjectNode object) {
          found.add(object);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("not YAML: " + yaml, e);
    }
  }

  /// The cluster.
  public Sandbox sandbox() {
    return sandbox;
  }

  /// The time of everything.
  public VirtualScheduler time() {
    return time;
  }

  /// Creates all objects of a text of YAML, as the cluster's administrator.
  public void create(String yaml) {
    documents(yaml).forEach(sandbox.api()::create);
  }

  /// A Canary as it is stored; empty when there is none.
  public Optional<ObjectNode> canary(String namespace, String name) {
    return sandbox.api().find(Kind.CANARY, namespace, name);
  }

  /// The phase of a Canary; "" before it has one, and when it is gone.
  public String phase(String namespace, String name) {
    return canary(namespace, name)
        .map(canary -> canary.path("status").path("phase").asText())
        .orElse("");
  }

  /// Lets time pass until something holds.
  ///
  /// @return false when it did not within the limit
  public boolean runUntil(BooleanSupplier reached, Duration limit) {
    return time.runUntil(reached, limit);
  }

  /// Lets time pass.
  public void run(Duration length) {
    time.advance(length);
  }

  /// The cluster as the running process sees it; empty between a crash and the next start.
  public Optional<SandboxCluster> view() {
    return process.map(ControllerRun::cluster);
  }

  /// Everything that was told so far, in order.
  public List<Occasion> told() {
    return List.copyOf(told);
  }

  /// What the running process publishes of itself, in the text format of Prometheus; "" between a
  /// crash and the next start.
  public String numbers() {
    return process.map(run -> run.numbers().text()).orElse("");
  }

  /// Ends the process in the middle of whatever it does; the next one starts a little later.
  public void crash() {
    process.ifPresent(this::crashed);
  }

  /// From now on the wall clock of the controller is wrong by so much more.
  public void jumpClock(Duration by) {
    wrong = wrong.plus(by);
  }

  /// Exceptions that the controller did not expect; there should be none.
  public List<RuntimeException> surprises() {
    return List.copyOf(surprises);
  }

  /// How many processes crashed.
  public int crashes() {
    return crashes;
  }

  /// What time the controller thinks it is.
  Instant clock() {
    return time.instant().plus(wrong);
  }

  void heard(Occasion occasion) {
    told.add(occasion);
  }

  void surprised(RuntimeException surprise) {
    surprises.add(surprise);
  }

  void crashed(ControllerRun crashed) {
    crashed.end();
    crashes++;
    process = Optional.empty();
    time.after(options.restart(), this::startProcess);
  }

  private void startProcess() {
    var started = new ControllerRun(this, sandbox, options);
    process = Optional.of(started);
    started.start();
  }

  @Override
  public void close() {
    process.ifPresent(ControllerRun::end);
    process = Optional.empty();
    sandbox.close();
  }
}
