package dev.serin.controller.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.Written;
import dev.serin.controller.background.ThreadedBackground;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

  @Test
  void anEventThatBreaksIsNotTheLast() throws InterruptedException {
    var cluster = new Broken();
    var metrics = new Metrics();
    try (var background = new ThreadedBackground()) {
      var recorder = new EventRecorder(cluster, background, new ControllerMetrics(metrics), "test");
      recorder.record(event("breaks"));
      recorder.record(event("works"));

      var written = cluster.written.poll(30, TimeUnit.SECONDS);

      assertThat(written).isInstanceOf(Change.Create.class);
      assertThat(((Change.Create) written).object().path("message").asText()).isEqualTo("works");
      assertThat(metrics.text())
          .contains("serin_events_dropped_total{reason=\"internal error\"} 1");
    }
  }

  private static EventRecorder.Event event(String note) {
    return new EventRecorder.Event(Kind.CANARY.named("shop", "web"), "uid", false, "Told", note);
  }

  /// Writes nothing that says `breaks`.
  private static final class Broken implements Cluster {
    final BlockingQueue<Change> written = new LinkedBlockingQueue<>();

    @Override
    public Read find(ObjectRef ref) {
      return new Read.Absent();
    }

    @Override
    public List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels) {
      return List.of();
    }

    @Override
    public boolean serves(Kind kind) {
      return true;
    }

    @Override
    public Written write(Change change) {
      if (change instanceof Change.Create(var _, var object)
          && object.path("message").asText().equals("breaks")) {
        throw new IllegalStateException("broken on purpose");
      }
      written.add(change);
      return new Written.Done(JsonNodeFactory.instance.objectNode());
    }
  }
}
