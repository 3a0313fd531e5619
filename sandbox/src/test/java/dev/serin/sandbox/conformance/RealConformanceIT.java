package dev.serin.sandbox.conformance;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// Kubernetes answers as the sandbox does. Needs a control plane: `hack/real/cluster` makes one,
/// and a file of properties that the system property `serin.real.env` names.
class RealConformanceIT {

  private static final Properties ENVIRONMENT = new Properties();

  @BeforeAll
  static void readEnvironment() throws IOException {
    var file = System.getProperty("serin.real.env", "");
    assumeFalse(file.isEmpty(), "no real control plane: set -Dserin.real.env=FILE");
    try (var in = Files.newInputStream(Path.of(file))) {
      ENVIRONMENT.load(in);
    }
  }

  private static Calls calls() {
    return new Calls(URI.create(ENVIRONMENT.getProperty("server")), token("admin"), client());
  }

  private static String token(String user) {
    try {
      var kubeconfig =
          Calls.yaml(Files.readString(Path.of(ENVIRONMENT.getProperty("kubeconfig." + user))));
      return kubeconfig.at("/users/0/user/token").asText();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static HttpClient client() {
    try (var in = Files.newInputStream(Path.of(ENVIRONMENT.getProperty("ca")))) {
      var keys = KeyStore.getInstance(KeyStore.getDefaultType());
      keys.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        keys.setCertificateEntry("ca" + keys.size(), certificate);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(keys);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return HttpClient.newBuilder().sslContext(context).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Nested
  class Writes extends WriteConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }
  }

  @Nested
  class Applies extends ApplyConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }
  }

  @Nested
  class Reads extends ReadConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }

    @Override
    String forgottenRevision() {
      return "1";
    }
  }

  @Nested
  class Deletions extends DeleteConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }
  }

  @Nested
  class Subresources extends SubresourceConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }
  }

  @Nested
  class CustomResources extends CustomResourceConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }
  }

  @Nested
  class ChartRules extends ChartRulesConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return token("stranger");
    }
  }

  @Nested
  class Admissions extends AdmissionConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return RealConformanceIT.token("stranger");
    }

    @Override
    String token(String user) {
      return RealConformanceIT.token(user);
    }

    @Override
    boolean takes(String kind) {
      return true;
    }
  }
}
