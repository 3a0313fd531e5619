package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A candidate for the Lease that says which of several processes acts. Whoever stops gives the
/// Lease back, so that the next one need not wait until it expires.
///
/// Times of other machines are not compared with ours: a holder counts as gone when its Lease did
/// not change for the whole of its duration on our own clock. The holder for its part stops acting
/// well before that, even when nobody tells it.
public final class Election implements AutoCloseable {

  /// @param namespace of the Lease
  /// @param name of the Lease
  /// @param identity of this process, unlike that of any other
  /// @param duration how long a Lease lasts that is not renewed
  /// @param retry how often the Lease is renewed, or looked at
  public record Settings(
      String namespace, String name, String identity, Duration duration, Duration retry) {

    /// Takes over within 15 s from a process that was killed, and within 2 s from one that stopped.
    public static Settings standard(String namespace, String identity) {
      return new Settings(
          namespace, "serin", identity, Duration.ofSeconds(15), Duration.ofSeconds(1));
    }

    /// After this time without a successful renewal the holder no longer acts.
    Duration trust() {
      return duration.multipliedBy(2).dividedBy(3);
    }
  }

  /// Told from the candidate's own thread.
  public interface Listener {

    /// This process leads from now on.
    void started();

    /// This process leads no more.
    void stopped(String reason);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Election.class);

  /// What candidates agree by.
  public static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String TAKEN = "somebody else took the lease";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Transport transport;
  private final Settings settings;
  private final InstantSource clock;
  private final ObjectRef lease;

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean held;
  private volatile long trustedUntil;
  private volatile Optional<Thread> thread = Optional.empty();

  private Optional<ObjectNode> mine = Optional.empty();
  private String seenVersion = "";
  private long seenSince;
  private String seenHolder = "";
  private String lastExplained = "";

  Election(Transport transport, Settings settings, InstantSource clock) {
    this.transport = transport;
    this.settings = settings;
    this.clock = clock;
    this.lease = LEASE.named(settings.namespace(), settings.name());
  }

  /// Takes part from now on, until closed.
  public void start(Listener listener) {
    thread = Optional.of(Thread.ofVirtual().name("election").start(() -> run(listener)));
  }

  /// Whether this process may act now.
  public boolean leading() {
    return held && System.nanoTime() - trustedUntil < 0;
  }

  /// Takes no more part and gives the Lease back.
  @Override
  public void close() {
    closed.countDown();
    try {
      // A renewal under way must be answered first, or it would be unknown what is given back.
      if (thread.isPresent() && !thread.get().join(PATIENCE)) {
        thread.get().interrupt();
        thread.get().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }

  private void run(Listener listener) {
    try {
      do {
        take(listener);
      } while (!closed.await(settings.retry().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One turn. Whoever holds the lease and cannot act on it lets another have it.
  private void take(Listener listener) {
    try {
      if (held) {
        renew(listener);
      } else {
        compete(listener);
      }
    } catch (RuntimeException e) {
      if (!e.toString().equals(lastExplained)) {
        lastExplained = e.toString();
        LOG.error("lease {}/{}: internal error", lease.namespace(), lease.name(), e);
      }
      if (held) {
        release();
        mine = Optional.empty();
        stopped(listener, "internal error: " + e);
      }
    }
  }

  private static void stopped(Listener listener, String reason) {
    try {
      listener.stopped(reason);
    } catch (RuntimeException e) {
      LOG.error("while stopping to lead", e);
    }
  }

  /// Whether the lease is still looked after, or needs not be.
  public boolean alive() {
    return closed.getCount() == 0 || thread.map(Thread::isAlive).orElse(true);
  }

  private void renew(Listener listener) {
    var began = System.nanoTime();
    var outcome = mine.map(this::renewal).map(this::put).orElse("the lease is not known");
    if (outcome.isEmpty()) {
      trustFrom(began);
    } else if (!leading() || outcome.equals(TAKEN)) {
      held = false;
      mine = Optional.empty();
      stopped(listener, outcome);
    }
  }

  private void compete(Listener listener) {
    var began = System.nanoTime();
    Transport.Reply reply;
    try {
      reply = transport.send(Call.get(Paths.of(lease), deadline()));
    } catch (IOException e) {
      return;
    }
    var outcome =
        switch (reply.code()) {
          case 200 -> takeOver(reply.body());
          case 404 -> create();
          default -> explain(reply);
        };
    if (outcome.isEmpty()) {
      trustFrom(began);
      held = true;
      listener.started();
    }
  }

  private String takeOver(JsonNode found) {
    var version = found.path("metadata").path("resourceVersion").asText();
    if (!version.equals(seenVersion)) {
      seenVersion = version;
      seenSince = System.nanoTime();
    }
    var spec = found.path("spec");
    var holder = spec.path("holderIdentity").asText();
    var lasts = Duration.ofSeconds(spec.path("leaseDurationSeconds").asLong(15));
    var expired = System.nanoTime() - seenSince > lasts.toNanos();
    if (!holder.isEmpty() && !holder.equals(settings.identity()) && !expired) {
      if (!holder.equals(seenHolder)) {
        seenHolder = holder;
        LOG.info("{} leads; this process stands by", holder);
      }
      return "held by " + holder;
    }
    var next = (ObjectNode) found.deepCopy();
    var held = next.withObjectProperty("spec");
    held.put("acquireTime", now());
    held.put("leaseTransitions", spec.path("leaseTransitions").asInt() + 1);
    return put(claimed(next));
  }

  private String create() {
    var fresh = Json.MAPPER.createObjectNode();
    fresh.put("apiVersion", LEASE.apiVersion()).put("kind", LEASE.kind());
    fresh.putObject("metadata").put("namespace", lease.namespace()).put("name", lease.name());
    fresh.putObject("spec").put("acquireTime", now()).put("leaseTransitions", 0);
    return send("POST", Paths.collection(LEASE, lease.namespace()), claimed(fresh));
  }

  private ObjectNode renewal(ObjectNode last) {
    return claimed(last.deepCopy());
  }

  private ObjectNode claimed(ObjectNode next) {
    next.withObjectProperty("spec")
        .put("holderIdentity", settings.identity())
        .put("leaseDurationSeconds", settings.duration().toSeconds())
        .put("renewTime", now());
    return next;
  }

  private String put(ObjectNode next) {
    return send("PUT", Paths.of(lease), next);
  }

  /// @return empty when the server took it, else why not
  private String send(String method, String path, ObjectNode next) {
    try {
      var reply = transport.send(Call.with(method, path, Call.JSON, Json.text(next), deadline()));
      if (reply.ok() && reply.body() instanceof ObjectNode stored) {
        mine = Optional.of(stored);
        return "";
      }
      return reply.code() == 409 ? TAKEN : explain(reply);
    } catch (IOException e) {
      return "the API server does not answer: " + e.getMessage();
    }
  }

  private String explain(Transport.Reply reply) {
    var reason = "the API server answers %d: %s".formatted(reply.code(), reply.message());
    if (!reason.equals(lastExplained)) {
      lastExplained = reason;
      LOG.warn("lease {}/{}: {}", lease.namespace(), lease.name(), reason);
    }
    return reason;
  }

  private void release() {
    if (!held) {
      return;
    }
    held = false;
    mine.ifPresent(
        last -> {
          var free = last.deepCopy();
          free.withObjectProperty("spec")
              .put("holderIdentity", "")
              .put("leaseDurationSeconds", 1)
              .put("renewTime", now());
          var outcome = put(free);
          LOG.info(
              "lease {}/{} {}",
              lease.namespace(),
              lease.name(),
              outcome.isEmpty() ? "given back" : "not given back: " + outcome);
        });
  }

  private void trustFrom(long nanos) {
    trustedUntil = nanos + settings.trust().toNanos();
  }

  private Duration deadline() {
    return settings.duration().dividedBy(3);
  }

  private String now() {
    return MICROS.format(Instant.ofEpochMilli(clock.millis()));
  }
}
