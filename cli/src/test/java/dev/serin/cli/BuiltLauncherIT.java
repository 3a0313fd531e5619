package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What was built, run as a user runs it: jars, launcher, a real JDK.
@Execution(ExecutionMode.CONCURRENT)
class BuiltLauncherIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir private Path directory = Path.of("");

  private Path install() throws IOException {
    var lib = Files.createDirectories(directory.resolve("with a space/lib"));
    try (Stream<Path> jars = Files.list(Path.of("target/dist/lib"))) {
      for (var jar : jars.toList()) {
        Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    var launcher = lib.resolveSibling("canary");
    Files.copy(Path.of("../canary"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    return launcher;
  }

  private Process start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException {
    var builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .redirectOutput(out().toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Path out() {
    return directory.resolve("out");
  }

  private String run(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var process = start(launcher, environment, arguments);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out())).isZero();
    return Files.readString(out());
  }

  private static Path archive(Path launcher, String ending) throws IOException {
    try (Stream<Path> files = Files.list(launcher.getParent())) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no archive of classes *" + ending + " was made"));
    }
  }

  @Test
  void classesComeFromTheArchive() throws Exception {
    var launcher = install();
    assertThat(run(launcher, Map.of("SERIN_AOT", "now"), "--version")).startsWith("canary ");
    assertThat(archive(launcher, ".aot")).isNotEmptyFile();

    var loaded =
        run(launcher, Map.of("SERIN_JAVA_OPTS", "-Xlog:class+load"), "version", "-o", "json");
    assertThat(loaded)
        .contains("\"apiVersion\" : \"serin.dev/v1beta1\"")
        .containsPattern("dev\\.serin\\.cli\\.Start source: shared objects file");
    assertThat(run(launcher, Map.of(), "--help")).contains("Usage: canary", "wait", "doctor");
  }

  @Test
  void theControllersClassesComeFromItsOwnArchive() throws Exception {
    var launcher = install();
    run(launcher, Map.of("SERIN_AOT", "now"), "controller", "--version");
    assertThat(archive(launcher, "-controller.aot")).isNotEmptyFile();

    var loaded =
        run(launcher, Map.of("SERIN_JAVA_OPTS", "-Xlog:class+load"), "controller", "--help");
    assertThat(loaded)
        .contains("Usage: canary controller")
        .containsPattern("ControllerProgram source: shared objects file")
        .containsPattern("okhttp3\\.OkHttpClient source: shared objects file");
  }

  @Test
  void aDemoThatIsToldToStopStopsAndLeavesNoTrace() throws Exception {
    var launcher = install();
    var demo = start(launcher, Map.of("SERIN_AOT", "off"), "demo");
    try {
      var deadline = Instant.now().plus(PATIENCE);
      while (!Files.readString(out()).contains("a Canary is declared")) {
        assertThat(demo.isAlive()).as(Files.readString(out())).isTrue();
        assertThat(Instant.now()).isBefore(deadline);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      demo.destroy();
      assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.destroyForcibly();
    }
    assertThat(Files.readString(out()))
        .endsWith("stopped" + System.lineSeparator())
        .doesNotContain("Exception", "\u001b");
    assertThat(demo.exitValue()).as("ended by the signal TERM").isEqualTo(143);
  }
}
