package dev.serin.sandbox.cluster;

import static dev.serin.sandbox.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.controller.cluster.Election;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.sandbox.api.Faults;
import dev.serin.sandbox.api.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElectionTest {

  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  private final Server server = new Server();
  private final List<KubernetesCluster> clusters = new ArrayList<>();

  @BeforeEach
  void makeNamespace() {
    var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    namespace.putObject("metadata").put("name", "serin");
    server.admin.create(namespace);
  }

  @AfterEach
  void stop() {
    clusters.forEach(KubernetesCluster::close);
    server.close();
  }

  @Test
  void oneOfTwoLeads() {
    var one = candidate("one", Duration.ofSeconds(15));
    eventually("one leads", one::leading);
    var two = candidate("two", Duration.ofSeconds(15));
    eventually("two looked at the lease", () -> server.sent("get 200") > 2);
    assertThat(two.leading()).isFalse();
    assertThat(one.leading()).isTrue();
    one.close();
    two.close();
  }

  @Test
  void whoStopsGivesTheLeaseBack() {
    var one = candidate("one", Duration.ofHours(1));
    eventually("one leads", one::leading);
    var two = candidate("two", Duration.ofHours(1));
    one.close();
    assertThat(one.leading()).isFalse();
    eventually("two leads", two::leading);
    two.close();
    assertThat(holder()).isEmpty();
  }

  @Test
  void whoIsCutOffStopsBeforeAnotherMayStart() {
    var one = candidate("one", Duration.ofSeconds(3));
    eventually("one leads", one::leading);
    var cut =
        server
            .store
            .faults()
            .add(
                request ->
                    request.kind().equals(LEASE)
                        ? Optional.of(Faults.refuse(503))
                        : Optional.empty());
    eventually("one does not trust its lease any more", () -> !one.leading());
    cut.run();
    assertThat(holder()).isEqualTo("one");
    eventually("one leads again", one::leading);
    one.close();
  }

  /// Nothing that this process does beside it can cost it the lease.
  @Test
  void leaseIsRenewedHoweverMuchElseWaitsForTheServer() {
    var one = candidate("one", Duration.ofSeconds(3));
    eventually("one leads", one::leading);
    server
        .store
        .faults()
        .add(
            request ->
                request.kind().equals(LEASE) ? Optional.empty() : Optional.of(Faults.refuse(429)));
    var cluster = clusters.getFirst();
    for (int i = 0; i < 200; i++) {
      var name = "web-" + i;
      Thread.ofVirtual()
          .start(
              () ->
                  cluster.write(
                      new Change.Create(
                          Kind.SERVICE.named("default", name), Server.service(name, 80))));
    }
    var renewed = server.sent("update 200");
    eventually(
        "it was renewed for longer than it lasts",
        () -> {
          assertThat(one.leading()).isTrue();
          return server.sent("update 200") > renewed + 70;
        });
    assertThat(server.sent("create 429")).isPositive();
    one.close();
  }

  @Test
  void theLeaseOfWhoWasKilledIsTakenAfterItsTime() {
    var lease = Json.object().put("apiVersion", LEASE.apiVersion()).put("kind", "Lease");
    lease.putObject("metadata").put("namespace", "serin").put("name", "serin");
    lease
        .putObject("spec")
        .put("holderIdentity", "somebody")
        .put("leaseDurationSeconds", 1)
        .put("renewTime", "2099-01-01T00:00:00.000000Z");
    server.admin.create(lease);
    var one = candidate("one", Duration.ofSeconds(15));
    eventually("one leads, whatever the other's clock said", one::leading);
    assertThat(holder()).isEqualTo("one");
    one.close();
  }

  private Election candidate(String identity, Duration lasts) {
    var cluster = server.connect();
    clusters.add(cluster);
    var election =
        cluster.election(
            new Election.Settings("serin", "serin", identity, lasts, Duration.ofMillis(50)));
    election.start(
        new Election.Listener() {
          @Override
          public void started() {}

          @Override
          public void stopped(String reason) {}
        });
    return election;
  }

  private String holder() {
    return server.admin.get(LEASE, "serin", "serin").at("/spec/holderIdentity").asText();
  }
}
