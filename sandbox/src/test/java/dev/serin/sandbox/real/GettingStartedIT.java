package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/getting-started.md as somebody walks it who pastes one block after the other into a shell.
/// The gateway and Prometheus of its first section are there already, under names of their own, and
/// its load comes from outside of the cluster.
class GettingStartedIT {
  private static final Path PAGE = Path.of("..", "docs", "getting-started.md");
  private static final Pattern SECTION = Pattern.compile("(?ms)^## (.*?)\\n(.*?)(?=^## |\\z)");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|yaml)\\n(.*?)^```");
  private static final Pattern FILE = Pattern.compile("\\A# (\\S+\\.yaml)\\n");
  private static final String NAMESPACE = "shop";

  private final Path directory;
  private final RealCluster cluster = RealCluster.open();
  private final Map<String, List<String>> shells = new HashMap<>();

  GettingStartedIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void whatThePageSaysComesTrue() throws IOException {
    // Installs Serin's parts, which the page installs once more, and lets pods run.
    try (var _ = Stage.open("walk")) {
      read();
      walk();
    }
  }

  private void walk() throws IOException {
    run("2. Something to release", 0);
    run("3. Serin", 1);
    try (var controller = controller();
        var _ = new Callers(cluster.property("gateway.url"), "web.example.com").begin(100)) {
      var app = new App(cluster, NAMESPACE, "web");
      var pods = app.pods();
      run("4. Declare a Canary beside the Deployment", 0);
      app.awaitPhase("Initialized", App.SOON);
      assertThat(app.pods()).isEqualTo(pods).hasSize(3);

      assertThat(run("5. Release something good", 0)).contains("promoted");
      assertThat(app.serving()).hasSize(3).containsOnly("ghcr.io/stefanprodan/podinfo:6.9.2");

      assertThat(run("6. Release something bad", 0)).contains("ended with 1", "rolled back");
      app.awaitAtRest("Failed", App.SOON);
      run("6. Release something bad", 1);
      app.awaitAtRest("Initialized", App.SOON);

      run("How revisions are held", 0);
      run("Removing it", 0);
      assertThat(cluster.find(app.canaryPath())).isEmpty();
      assertThat(controller.isRunning()).as(controller.said()).isTrue();
    }
  }

  /// Writes the files of the page and keeps its commands.
  private void read() throws IOException {
    var sections = SECTION.matcher(here(Files.readString(PAGE)));
    while (sections.find()) {
      var commands = new ArrayList<String>();
      for (var block : BLOCK.matcher(sections.group(2)).results().toList()) {
        if (block.group(1).equals("sh")) {
          commands.add(block.group(2));
        } else {
          write(block);
        }
      }
      shells.put(sections.group(1), commands);
    }
  }

  private void write(MatchResult block) throws IOException {
    var name = FILE.matcher(block.group(2));
    assertThat(name.find()).as("names its file: %s", block.group(2)).isTrue();
    Files.writeString(directory.resolve(name.group(1)), block.group(2));
  }

  /// The page with what has other names in this cluster, where others test meanwhile.
  private String here(String page) {
    return page.replace("- name: public", "- name: " + cluster.property("gateway.name"))
        .replace("namespace: projectcontour", "namespace: " + cluster.property("gateway.namespace"))
        .replace("http://localhost:9090", cluster.property("prometheus.url"))
        .replace(
            "canary controller",
            "canary controller --leader-election=false --namespace " + NAMESPACE)
        .replace("--all --all-namespaces", "--all -n " + NAMESPACE)
        .replace("kubectl delete -f -", "kubectl delete --dry-run=server -f -")
        .replace("--duration 8h", "--duration 1h")
        .lines()
        .filter(line -> !line.contains("port-forward"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private String block(String section, int number) {
    var commands = shells.getOrDefault(section, List.of());
    assertThat(commands).as("blocks of commands in section %s", section).hasSizeGreaterThan(number);
    return commands.get(number);
  }

  private String run(String section, int number) throws IOException {
    var began = Instant.now();
    var ended =
        shell(block(section, number).replaceAll("(?m)^canary controller .*\\n", "")).await();
    System.out.printf(
        "GettingStartedIT: %s: %d s%n",
        section, Duration.between(began, Instant.now()).toSeconds());
    assertThat(ended.code()).as("%s: %s", section, ended.output()).isZero();
    return ended.output();
  }

  private Controller controller() throws IOException {
    var lines = block("3. Serin", 1).lines().filter(line -> line.startsWith("canary controller "));
    return new Controller(shell("exec " + lines.findFirst().orElseThrow()));
  }

  /// The controller in its terminal.
  private record Controller(Program program) implements AutoCloseable {
    boolean isRunning() {
      return program.isRunning();
    }

    String said() {
      return program.said();
    }

    @Override
    public void close() {
      program.kill();
    }
  }

  private Program shell(String commands) throws IOException {
    var bin = Path.of(cluster.property("bin")).toAbsolutePath();
    var path = Launcher.installed().getParent() + ":" + bin + ":" + System.getenv("PATH");
    return Program.start(
        List.of("env", "-C", directory.toString(), "bash", "-euc", commands),
        "",
        Map.of(
            "PATH",
            path,
            "KUBECONFIG",
            Path.of(cluster.property("kubeconfig.admin")).toAbsolutePath().toString(),
            "SERIN_JAVA_HOME",
            System.getProperty("java.home")));
  }
}
