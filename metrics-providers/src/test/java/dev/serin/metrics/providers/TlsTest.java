package dev.serin.metrics.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.serin.metrics.Measurement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real handshakes with a server that an authority of its own signed.
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path directory;
  private static HttpsServer server;
  private static String authority = "";

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException, InterruptedException {
    authority = certificate("server");
    var keys = KeyStore.getInstance(directory.resolve("server.p12").toFile(), PASSWORD);
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          var body =
              "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"7\"]}}"
                  .getBytes(StandardCharsets.UTF_8);
          try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  /// Makes a key, and its certificate for this machine.
  ///
  /// @return the certificate as PEM
  private static String certificate(String name) throws IOException, InterruptedException {
    var store = directory.resolve(name + ".p12").toString();
    var pem = directory.resolve(name + ".pem");
    keytool(
        "-genkeypair",
        "-keystore",
        store,
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2");
    keytool("-exportcert", "-keystore", store, "-alias", name, "-rfc", "-file", pem.toString());
    return Files.readString(pem);
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command = new ArrayList<>(List.of(tool));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    var process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private Measurement ask(Map<String, String> secret, boolean believesAll) {
    var address = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    var settings =
        new ProviderSettings(
            "prometheus", address, Map.of(), secret, believesAll, Duration.ofSeconds(20));
    var patience =
        new Guard.Patience(
            1, Duration.ofSeconds(1), Duration.ofMillis(1), 1, 10, Duration.ofSeconds(1));
    return switch (Prometheus.create(settings, patience, Clock.systemUTC())) {
      case Built.Ready(var provider) -> provider.query("up");
      case Built.Unfit(var problems) -> throw new AssertionError(problems);
    };
  }

  @Test
  void anAuthorityOfTheSecretIsBelieved() {
    assertThat(ask(Map.of("ca.crt", authority), false)).isEqualTo(new Measurement.Value(7));
  }

  @Test
  void anotherAuthorityIsNot() throws IOException, InterruptedException {
    assertThat(ask(Map.of("ca.crt", certificate("stranger")), false))
        .isInstanceOf(Measurement.Unavailable.class);
  }

  @Test
  void withoutAnyTheWorldsAreBelieved() {
    assertThat(ask(Map.of(), false)).isInstanceOf(Measurement.Unavailable.class);
  }

  @Test
  void whoSaysSoBelievesEverybody() {
    assertThat(ask(Map.of(), true)).isEqualTo(new Measurement.Value(7));
  }
}
