package dev.serin.sandbox.real;

import com.google.protobuf.CodedOutputStream;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Pods whose requests are counted as Istio's sidecars do, but in native histograms. Those are
/// scraped as Protocol Buffers only: `metrics.proto` of prometheus/client_model.
final class Exporter implements AutoCloseable {
  static final String NAMESPACE = "shop";

  private static final String REQUESTS = "istio_requests_total";
  private static final String DURATIONS = "istio_request_duration_milliseconds";

  /// Bounds of the classic histogram, in milliseconds; 300 is none by which native ones are asked.
  private static final double[] BOUNDS = {100, 300, Double.POSITIVE_INFINITY};

  /// Buckets to a doubling.
  private static final int FINENESS = 8;

  private static final int SCHEMA = 3;
  private static final double ALMOST_NOTHING = 0x1p-128;

  // As metrics.proto has them: types of families, and the fields of a metric.
  private static final int COUNTER = 0;
  private static final int HISTOGRAM = 4;
  private static final int VALUE_OF_COUNTER = 3;
  private static final int VALUE_OF_HISTOGRAM = 7;

  private final HttpServer server;
  private final List<Pod> pods = new CopyOnWriteArrayList<>();

  Exporter() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/metrics",
        exchange -> {
          try (exchange) {
            var body = scraped();
            exchange
                .getResponseHeaders()
                .set(
                    "Content-Type",
                    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                        + " encoding=delimited");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  Pod pod(String workload) {
    return add(new Pod(workload, false));
  }

  /// One that has a classic histogram beside the native one.
  Pod classicPod(String workload) {
    return add(new Pod(workload, true));
  }

  private Pod add(Pod pod) {
    pods.add(pod);
    return pod;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /// A pod and the requests that it answered, by their time in milliseconds.
  static final class Pod {
    private final String workload;
    private final boolean classic;
    private SortedMap<Double, Long> answered = new TreeMap<>();
    private double[] each = {};
    private int scrapes;

    private Pod(String workload, boolean classic) {
      this.workload = workload;
      this.classic = classic;
    }

    /// Answers requests now.
    synchronized Pod answer(long requests, double millis) {
      answered.merge(millis, requests, Long::sum);
      return this;
    }

    /// Answers requests that take so long before each of the next scrapes.
    synchronized Pod answerEachTime(int times, double... millis) {
      scrapes = times;
      each = millis;
      return this;
    }

    /// Counts from zero again.
    synchronized Pod restart() {
      answered = new TreeMap<>();
      return this;
    }

    /// Whether all of what it was to answer has been scraped.
    synchronized boolean isDone() {
      return scrapes == 0;
    }

    private synchronized SortedMap<Double, Long> scraped() {
      if (scrapes > 0) {
        scrapes--;
        for (var millis : each) {
          answered.merge(millis, 1L, Long::sum);
        }
      }
      return new TreeMap<>(answered);
    }
  }

  /// What one pod has counted.
  ///
  /// @param answered requests by their time in milliseconds
  private record Counts(
      Map<String, String> labels, SortedMap<Double, Long> answered, boolean classic) {}

  private byte[] scraped() throws IOException {
    var requests = new ArrayList<byte[]>();
    var histograms = new ArrayList<byte[]>();
    var buckets = new ArrayList<byte[]>();
    for (int i = 0; i < pods.size(); i++) {
      var counts = new Counts(labels(i), pods.get(i).scraped(), pods.get(i).classic);
      requests.add(counter(counts.labels, total(counts.answered)));
      histograms.add(histogram(counts));
      if (counts.classic) {
        buckets.addAll(buckets(counts));
      }
    }
    return message(
        out -> {
          out.writeByteArrayNoTag(family(REQUESTS, COUNTER, requests));
          out.writeByteArrayNoTag(family(DURATIONS, HISTOGRAM, histograms));
          out.writeByteArrayNoTag(family(DURATIONS + "_bucket", COUNTER, buckets));
        });
  }

  private Map<String, String> labels(int pod) {
    return Map.of(
        "reporter",
        "destination",
        "destination_workload_namespace",
        NAMESPACE,
        "destination_workload",
        pods.get(pod).workload,
        "response_code",
        "200",
        "instance",
        "10.0.0." + pod + ":15020",
        "pod",
        "pod-" + pod);
  }

  private static long total(SortedMap<Double, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  // ---- Protocol Buffers

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] family(String name, int type, List<byte[]> metrics) throws IOException {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeEnum(3, type);
          for (var metric : metrics) {
            out.writeByteArray(4, metric);
          }
        });
  }

  private static byte[] metric(Map<String, String> labels, int field, Fields value)
      throws IOException {
    return message(
        out -> {
          for (var label : labels.entrySet()) {
            out.writeByteArray(
                1,
                message(
                    pair -> {
                      pair.writeString(1, label.getKey());
                      pair.writeString(2, label.getValue());
                    }));
          }
          out.writeByteArray(field, message(value));
        });
  }

  private static byte[] counter(Map<String, String> labels, long value) throws IOException {
    return metric(labels, VALUE_OF_COUNTER, out -> out.writeDouble(1, (double) value));
  }

  /// The series of a classic histogram.
  private static List<byte[]> buckets(Counts counts) throws IOException {
    var buckets = new ArrayList<byte[]>();
    for (var bound : BOUNDS) {
      var labels = new HashMap<>(counts.labels);
      labels.put("le", Double.isInfinite(bound) ? "+Inf" : Double.toString(bound));
      buckets.add(counter(labels, total(counts.answered.headMap(Math.nextUp(bound)))));
    }
    return buckets;
  }

  /// A bucket ends at a power of the eighth root of 2, and is named by its exponent. Those that
  /// counted something are written as spans of one bucket, and as differences to the one before.
  private static byte[] histogram(Counts counts) throws IOException {
    var buckets = new TreeMap<Integer, Long>();
    counts.answered.forEach(
        (millis, count) ->
            buckets.merge(
                (int) Math.ceil(FINENESS * Math.log(millis) / Math.log(2)), count, Long::sum));
    return metric(
        counts.labels,
        VALUE_OF_HISTOGRAM,
        out -> {
          out.writeUInt64(1, total(counts.answered)); // sample_count
          out.writeSInt32(5, SCHEMA); // schema
          // Without it, one that counted nothing yet would pass for a classic histogram.
          out.writeDouble(6, ALMOST_NOTHING); // zero_threshold
          var next = 0;
          for (int bucket : buckets.keySet()) {
            out.writeByteArray(12, span(bucket - next)); // positive_span
            next = bucket + 1;
          }
          var before = 0L;
          for (long count : buckets.values()) {
            out.writeSInt64(13, count - before); // positive_delta
            before = count;
          }
        });
  }

  private static byte[] span(int offset) throws IOException {
    return message(
        out -> {
          out.writeSInt32(1, offset);
          out.writeUInt32(2, 1);
        });
  }
}
