package dev.serin.sandbox.conformance;

import dev.serin.sandbox.admission.CommandAdmission;
import dev.serin.sandbox.admission.HoldAdmission;
import dev.serin.sandbox.api.ApiServer;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Collector;
import java.net.http.HttpClient;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// The sandbox answers as Kubernetes does.
class SandboxConformanceTest {

  private static final String ADMIN = "admin-token";
  private static final String STRANGER = "stranger-token";
  private static final String DEV = "dev-token";
  private static final String SERIN = "serin-token";

  private static final ApiStore store = new ApiStore(InstantSource.system(), 1);
  private static final ApiServer server = ApiServer.start(store);

  @BeforeAll
  static void prepare() {
    var _ = Collector.start(store);
    server.addToken(ADMIN, Caller.admin());
    server.addToken(STRANGER, Caller.user("stranger"));
    server.addToken(DEV, Caller.user("dev"));
    server.addToken(SERIN, Caller.serviceAccount("serin", "serin"));
    store.admit(new HoldAdmission(Caller.serviceAccount("serin", "serin").name()));
    store.admit(new CommandAdmission(Caller.serviceAccount("serin", "serin").name()));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Calls calls() {
    return new Calls(server.uri(), ADMIN, HttpClient.newHttpClient());
  }

  @Nested
  class Writes extends WriteConformance {
    @Override
    Calls server() {
      return calls();
    }

    @Override
    String stranger() {
      return STRANGER;
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
      return STRANGER;
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
      return STRANGER;
    }

    @Override
    String forgottenRevision() {
      store.compact();
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
      return STRANGER;
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
      return STRANGER;
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
      return STRANGER;
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
      return STRANGER;
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
      return STRANGER;
    }

    @Override
    String token(String user) {
      return user + "-token";
    }

    @Override
    boolean takes(String kind) {
      return !kind.contains("AdmissionPolicy");
    }
  }
}
