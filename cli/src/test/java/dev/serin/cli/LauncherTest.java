package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher `canary`, with a JDK that only says how it was called.
class LauncherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String JAVA =
      """
      #!/bin/sh
      for argument in "$@"; do
        case $argument in
          -XX:AOTMode=record) echo "$@" | sed 's/.*Start //' >>"$HOME/trainings" ;;
          -XX:AOTConfiguration=*) : >"${argument#*=}" ;;
          -XX:AOTCache=*.new) [ -e "$HOME/broken" ] || echo archive >"${argument#*=}" ;;
          fail) exit 7 ;;
        esac
      done
      for argument in "$@"; do echo "<$argument>"; done
      """;

  @TempDir private Path directory = Path.of("");
  private Path installed = directory;
  private Path jdk = directory;

  @BeforeEach
  void install() throws IOException {
    installed = Files.createDirectories(directory.resolve("a place/with spaces"));
    Files.copy(root().resolve("canary"), installed.resolve("canary"));
    executable(installed.resolve("canary"));
    Files.createDirectories(installed.resolve("lib"));
    Files.writeString(installed.resolve("lib/serin-cli.jar"), "classes");
    jdk = jdk("a jdk", "25.0.1", JAVA);
    Files.createDirectories(directory.resolve("home"));
  }

  /// An archive may still be in the making, beside the command that found none.
  @AfterEach
  void awaitWhatRunsBeside() {
    var deadline = Instant.now().plus(PATIENCE);
    while (ProcessHandle.allProcesses().anyMatch(this::isOurs)) {
      assertThat(Instant.now()).isBefore(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private boolean isOurs(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains(directory.toString()))
        .isPresent();
  }

  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("canary")) ? here : here.resolve("..").normalize();
  }

  private Path jdk(String name, String version, String java) throws IOException {
    var home = directory.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    Files.writeString(home.resolve("bin/java"), java);
    executable(home.resolve("bin/java"));
    return home;
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Run(int code, String out, String err) {}

  private Run run(Map<String, String> environment, Path command, String... arguments)
      throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    var builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", directory.resolve("home").toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    var out = directory.resolve("out");
    var err = directory.resolve("err");
    var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Run run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), installed.resolve("canary"), arguments);
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(installed)) {
      return files.filter(file -> file.toString().endsWith(".aot")).toList();
    }
  }

  private long trainings() throws IOException {
    var file = directory.resolve("home/trainings");
    try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
      return lines.count();
    }
  }

  /// The archive is made beside the command that found none.
  private Path trained() throws IOException {
    var deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      var found = archives();
      try (Stream<Path> files = Files.list(installed)) {
        var busy = files.anyMatch(file -> file.toString().endsWith(".lock"));
        if (found.size() == 1 && !busy) {
          return found.getFirst();
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    throw new AssertionError("no archive was made, only " + archives());
  }

  @Test
  void argumentsArriveAsTheyWereGivenAndTheExitCodeComesBack() throws Exception {
    var run = run("get", "two words", "", "*", "--reason=it's");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .endsWith("<dev.serin.cli.Start>\n<get>\n<two words>\n<>\n<*>\n<--reason=it's>\n");
    assertThat(run("fail").code()).isEqualTo(7);
  }

  @Test
  void itIsFoundThroughLinksAndFromAnyDirectory() throws Exception {
    var bin = Files.createDirectories(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("one"), installed.resolve("canary"));
    Files.createSymbolicLink(bin.resolve("two"), Path.of("one"));
    var run = run(Map.of(), bin.resolve("two"), "get");
    assertThat(run.out())
        .contains("<" + installed.toRealPath().resolve("lib/serin-cli.jar") + ">", "<get>")
        .contains("<-Dserin.command=canary>");
  }

  @Test
  void asPluginOfKubectlItIsCalledKubectlCanary() throws Exception {
    var bin = Files.createDirectories(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("kubectl-canary"), installed.resolve("canary"));
    var run =
        run(
            Map.of("PATH", bin + ":/usr/bin:/bin"),
            Path.of("/bin/sh"),
            "-c",
            "kubectl-canary get web");
    assertThat(run.out()).contains("<-Dserin.command=kubectl canary>", "<get>", "<web>");
  }

  @Test
  void theRepositoryHasThePluginBesideTheCommand() {
    assertThat(root().resolve("kubectl-canary")).isSymbolicLink().isExecutable();
  }

  @Test
  void aMissingJdkIsOneSentenceThatSaysWhatToInstall() throws Exception {
    var script = Files.readString(installed.resolve("canary")).replace("needed=25", "needed=99");
    Files.writeString(installed.resolve("canary"), script);
    var run = run("get");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("JDK 99 or newer is needed", "apt install", "set JAVA_HOME");
  }

  @Test
  void anOldJdkIsPassedOver() throws Exception {
    var old = jdk("old jdk", "17.0.2", "#!/bin/sh\necho old\n");
    var run =
        run(
            Map.of("JAVA_HOME", old.toString(), "PATH", jdk.resolve("bin") + ":/usr/bin:/bin"),
            installed.resolve("canary"),
            "get");
    assertThat(run.out()).contains("<get>").doesNotContain("old");
  }

  @Test
  void serinsOwnJdkWins() throws Exception {
    var own = jdk("own jdk", "26", "#!/bin/sh\necho own\n");
    var run = run(Map.of("SERIN_JAVA_HOME", own.toString()), installed.resolve("canary"), "get");
    assertThat(run.out()).isEqualTo("own\n");
  }

  @Test
  void theArchiveIsMadeOnceAndUsedFromThenOn() throws Exception {
    assertThat(run("get").out()).doesNotContain("-XX:AOTCache");
    var archive = trained();
    assertThat(archive).isNotEmptyFile();
    assertThat(run("get").out())
        .contains(
            "<-XX:AOTCache=" + installed.toRealPath() + "/lib/../" + archive.getFileName() + ">");
    run("get");
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void otherJarsMakeAnotherArchive() throws Exception {
    run("get");
    var first = trained();
    Files.writeString(installed.resolve("lib/serin-cli.jar"), "other classes");
    assertThat(run("get").out()).doesNotContain("-XX:AOTCache");
    var deadline = Instant.now().plus(PATIENCE);
    while (Files.exists(first) && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    assertThat(first).doesNotExist();
    assertThat(trained()).isNotEmptyFile();
    assertThat(run("get").out()).contains("-XX:AOTCache");
  }

  @Test
  void anArchiveThatCannotBeMadeIsNotTriedAgainAndBreaksNothing() throws Exception {
    Files.writeString(directory.resolve("home/broken"), "");
    assertThat(run("get").code()).isZero();
    assertThat(trained()).isEmptyFile();
    var run = run("get");
    assertThat(run.code()).isZero();
    assertThat(run.out()).doesNotContain("-XX:AOTCache");
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void forPackagingTheArchiveIsMadeFirst() throws Exception {
    var run = run(Map.of("SERIN_AOT", "now"), installed.resolve("canary"), "get");
    assertThat(archives()).hasSize(1);
    assertThat(run.out()).contains("-XX:AOTCache=");
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void theControllerHasAnArchiveOfItsOwn() throws Exception {
    var now = Map.of("SERIN_AOT", "now");
    run(now, installed.resolve("canary"), "get");
    var common = archives().getFirst();
    var run = run(now, installed.resolve("canary"), "controller", "--debug");

    assertThat(archives()).hasSize(2).contains(common);
    assertThat(run.out()).containsPattern("<-XX:AOTCache=.*-controller\\.aot>");
    assertThat(run("get").out())
        .contains(common.getFileName() + ">")
        .doesNotContain("-controller.aot");
    assertThat(Files.readAllLines(directory.resolve("home/trainings")))
        .extracting(String::strip)
        .containsExactly("warm-up", "warm-up --controller");
  }

  @Test
  void theControllersArchiveIsNotMadeBesideIt() throws Exception {
    run("controller");
    var common = trained();
    assertThat(common.toString()).doesNotContain("-controller");
    assertThat(run("controller").out()).contains(common.getFileName() + ">");
    assertThat(trainings()).isEqualTo(1);
  }

  @Test
  void jarsOfTheSameSizeThatAreNewerMakeTheArchiveAnew() throws Exception {
    run(Map.of("SERIN_AOT", "now"), installed.resolve("canary"), "get");
    var archive = trained();
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().minusSeconds(3600)));
    assertThat(run("get").out()).doesNotContain("-XX:AOTCache=");
    var deadline = Instant.now().plus(PATIENCE);
    while (trainings() < 2 && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    trained();
    assertThat(run("get").out()).contains("-XX:AOTCache=");
    assertThat(trainings()).isEqualTo(2);
  }

  @Test
  void theArchiveCanBeDoneWithout() throws Exception {
    run(Map.of("SERIN_AOT", "off"), installed.resolve("canary"), "get");
    assertThat(archives()).isEmpty();
    assertThat(trainings()).isZero();
  }
}
