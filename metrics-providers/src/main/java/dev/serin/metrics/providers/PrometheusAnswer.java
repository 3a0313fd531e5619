package dev.serin.metrics.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.Sample;
import dev.serin.metrics.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An answer of the Prometheus HTTP API, read.
sealed interface PrometheusAnswer {
  JsonMapper JSON = JsonMapper.builder().build();

  /// @param series all samples, range vectors flattened
  /// @param kind `scalar`, `vector` or `matrix`
  record Data(String kind, List<Sample> series) implements PrometheusAnswer {}

  /// @param reason why it cannot be used
  record Unusable(String reason) implements PrometheusAnswer {}

  /// @param reason why this query is not answered
  record Refused(String reason) implements PrometheusAnswer {}

  static PrometheusAnswer read(String body) {
    try {
      var answer = JSON.readTree(body);
      if (!answer.path("status").asText().equals("success")) {
        return new Unusable("it is no answer of Prometheus: " + excerpt(error(body).orElse(body)));
      }
      var data = answer.path("data");
      var kind = data.path("resultType").asText();
      return switch (kind) {
        case "scalar" -> new Data(kind, List.of(sample(Map.of(), data.path("result"))));
        case "vector" -> new Data(kind, vector(data.path("result")));
        case "matrix" -> new Data(kind, matrix(data.path("result")));
        default -> new Unusable("the query gives a '%s', not numbers".formatted(kind));
      };
    } catch (JsonProcessingException | IllegalArgumentException _) {
      return new Unusable("it is no answer of Prometheus: " + excerpt(body));
    }
  }

  /// The message of an error answer, if it is one.
  static Optional<String> error(String body) {
    try {
      var error = JSON.readTree(body).path("error");
      return error.isTextual() ? Optional.of(excerpt(error.textValue())) : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  /// One number, where the query gives one.
  default Measurement measurement() {
    return switch (this) {
      case Unusable(var reason) -> new Measurement.Unavailable(reason);
      case Refused(var reason) -> new Measurement.Unavailable(reason);
      case Data(var kind, var _) when kind.equals("matrix") ->
          new Measurement.Unavailable(
              "the query gives a range of samples; take one number from it, such as with rate() or"
                  + " last_over_time()");
      case Data(var _, var series) when series.isEmpty() ->
          new Measurement.NoData("the query gives no series");
      case Data(var _, var series) when series.size() > 1 ->
          new Measurement.Unavailable(
              "the query gives %d series, such as %s and %s; it has to give one: aggregate, such as with sum() or max()"
                  .formatted(series.size(), series.get(0).labels(), series.get(1).labels()));
      case Data(var _, var series) -> number(series.getFirst().value());
    };
  }

  /// All samples.
  default Samples samples() {
    return switch (this) {
      case Unusable(var reason) -> new Samples.Unavailable(reason);
      case Refused(var reason) -> new Samples.Refused(reason);
      case Data(var _, var series) -> new Samples.Found(series);
    };
  }

  private static Measurement number(double value) {
    if (Double.isNaN(value)) {
      return new Measurement.NoData("the query gives NaN, as 0/0 does when there were no requests");
    }
    return Double.isInfinite(value)
        ? new Measurement.NoData("the query gives an infinite number, as a division by 0 does")
        : new Measurement.Value(value);
  }

  private static List<Sample> vector(JsonNode result) {
    return result
        .valueStream()
        .filter(series -> series.has("value"))
        .map(series -> sample(labels(series), series.path("value")))
        .toList();
  }

  private static List<Sample> matrix(JsonNode result) {
    var samples = new ArrayList<Sample>();
    for (var series : result) {
      var labels = labels(series);
      series.path("values").forEach(point -> samples.add(sample(labels, point)));
    }
    return samples;
  }

  private static Map<String, String> labels(JsonNode series) {
    var labels = new TreeMap<String, String>();
    series
        .path("metric")
        .propertyStream()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private static Sample sample(Map<String, String> labels, JsonNode point) {
    if (point.size() != 2 || !point.get(0).isNumber()) {
      throw new IllegalArgumentException("a sample is a time and a value, not " + point);
    }
    var time = Instant.ofEpochMilli(Math.round(point.get(0).doubleValue() * 1000));
    return new Sample(labels, time, value(point.get(1).asText()));
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static String excerpt(String text) {
    var line = text.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) + " …" : line;
  }
}
