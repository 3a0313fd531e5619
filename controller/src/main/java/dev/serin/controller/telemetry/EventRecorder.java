package dev.serin.controller.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Written;
import dev.serin.controller.background.Background;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Kubernetes events, without ever making anybody wait for them. What is repeated counts up
/// on the event that is there; what does not fit into the queue is dropped and counted.
public final class EventRecorder {

  /// Something to tell.
  ///
  /// @param about what it concerns
  /// @param uid of it
  /// @param warning whether somebody may have to act
  /// @param reason one word, such as `RolledBack`
  /// @param note one sentence
  public record Event(ObjectRef about, String uid, boolean warning, String reason, String note) {}

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int QUEUE = 1_000;
  private static final int LONGEST_NOTE = 1_024;
  private static final int REMEMBERED = 5_000;

  /// A repetition later than this is a new event.
  private static final Duration SERIES = Duration.ofMinutes(10);

  private record Known(Instant first, Instant last, int count) {}

  private final Cluster cluster;
  private final Background background;
  private final ControllerMetrics metrics;
  private final String reporter;
  private final Queue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<String, Known> known = new HashMap<>();
  private final Queue<String> oldest = new ArrayDeque<>();
  private final ObjectMapper mapper = new ObjectMapper();
  private final AtomicBoolean writing = new AtomicBoolean();
  private String explained = "";

  /// @param background where events are written, one after the other; what it still has to write
  ///   when it is closed is given up
  /// @param reporter name of this process
  public EventRecorder(
      Cluster cluster, Background background, ControllerMetrics metrics, String reporter) {
    this.cluster = cluster;
    this.background = background;
    this.metrics = metrics;
    this.reporter = reporter;
  }

  /// Tells, soon or never; returns at once.
  public void record(Event event) {
    if (!queue.offer(event)) {
      metrics.eventDropped("queue full");
    }
    if (writing.compareAndSet(false, true)) {
      background.execute(this::run);
    }
  }

  private void run() {
    try {
      for (var next = queue.poll(); next != null; next = queue.poll()) {
        tryToWrite(next);
      }
    } finally {
      writing.set(false);
    }
    // What was recorded between the last look and the line above has found nobody to write it.
    if (!queue.isEmpty() && writing.compareAndSet(false, true)) {
      background.execute(this::run);
    }
  }

  /// One event that cannot be written must not be the last.
  private void tryToWrite(Event event) {
    try {
      write(event);
    } catch (RuntimeException e) {
      metrics.eventDropped("internal error");
      if (!e.toString().equals(explained)) {
        explained = e.toString();
        LOG.error("an event of {} was not written", event.about(), e);
      }
    }
  }

  private void write(Event event) {
    var name = name(event);
    var now = background.instant().truncatedTo(ChronoUnit.SECONDS);
    var former = known.get(name);
    var repeated = former != null && Duration.between(former.last(), now).compareTo(SERIES) < 0;
    var next =
        repeated && former != null
            ? new Known(former.first(), now, former.count() + 1)
            : new Known(now, now, 1);
    var ref =
        Kind.EVENT.named(
            event.about().namespace(), name + '.' + Long.toHexString(next.first().toEpochMilli()));
    var change =
        next.count() == 1
            ? new Change.Create(ref, whole(event, next))
            : new Change.Merge(ref, counted(next));
    switch (cluster.write(change)) {
      case Written.Done _, Written.Conflict _ -> remember(name, next);
      case Written.Gone _ -> known.remove(name);
      case Written.Refused _ -> metrics.eventDropped("refused");
      case Written.Unavailable _ -> metrics.eventDropped("unavailable");
    }
  }

  private void remember(String key, Known next) {
    if (known.put(key, next) == null) {
      oldest.add(key);
      if (oldest.size() > REMEMBERED) {
        known.remove(oldest.remove());
      }
    }
  }

  /// The same for the same thing told about the same object.
  private static String name(Event event) {
    var key = event.uid() + '\n' + event.reason() + '\n' + event.note();
    var about = event.about().name();
    var prefix = about.length() > 200 ? about.substring(0, 200) : about;
    return prefix + '.' + digest(key).substring(0, 12);
  }

  private static String digest(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private ObjectNode whole(Event event, Known times) {
    var object = mapper.createObjectNode();
    object.putObject("metadata");
    var about = event.about();
    object
        .putObject("involvedObject")
        .put("apiVersion", about.kind().apiVersion())
        .put("kind", about.kind().kind())
        .put("namespace", about.namespace())
        .put("name", about.name())
        .put("uid", event.uid());
    object.put("type", event.warning() ? "Warning" : "Normal");
    object.put("reason", event.reason());
    object.put("message", shortened(event.note()));
    object.put("firstTimestamp", times.first().toString());
    object.put("lastTimestamp", times.last().toString());
    object.put("count", times.count());
    object.putObject("source").put("component", "serin");
    object.put("reportingComponent", "serin");
    object.put("reportingInstance", reporter);
    return object;
  }

  private ObjectNode counted(Known times) {
    return mapper
        .createObjectNode()
        .put("count", times.count())
        .put("lastTimestamp", times.last().toString());
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + '…';
  }
}
