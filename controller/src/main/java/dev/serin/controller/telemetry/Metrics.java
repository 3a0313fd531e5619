package dev.serin.controller.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Numbers about this process, in the text format of Prometheus.
public final class Metrics {

  private enum Type {
    COUNTER,
    GAUGE
  }

  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  /// A number that only grows.
  ///
  /// @param name ends in `_total`
  public Counter counter(String name, String help, String... labels) {
    return new Counter(family(Type.COUNTER, name, help, labels));
  }

  /// A number that goes up and down.
  public Gauge gauge(String name, String help, String... labels) {
    return new Gauge(family(Type.GAUGE, name, help, labels));
  }

  /// A number that is looked up when it is asked for.
  public void gauge(String name, String help, DoubleSupplier value) {
    family(Type.GAUGE, name, help).computed.put(List.of(), value);
  }

  private Family family(Type type, String name, String help, String... labels) {
    return families.computeIfAbsent(name, _ -> new Family(type, help, List.of(labels)));
  }

  /// All numbers, in the text format (version 0.0.4) of Prometheus.
  public String text() {
    var text = new StringBuilder();
    families.forEach((name, family) -> family.print(name, text));
    return text.toString();
  }

  /// See [Metrics#counter].
  public static final class Counter {
    private final Family family;

    private Counter(Family family) {
      this.family = family;
    }

    /// Adds one.
    ///
    /// @param labelValues in the order of the labels
    public void increment(String... labelValues) {
      family.cells.computeIfAbsent(family.key(labelValues), _ -> new DoubleAdder()).add(1);
    }

    /// Forgets what has these label values.
    public void removeIf(Predicate<List<String>> labelValues) {
      family.cells.keySet().removeIf(labelValues);
    }
  }

  /// See [Metrics#gauge].
  public static final class Gauge {
    private final Family family;

    private Gauge(Family family) {
      this.family = family;
    }

    /// @param labelValues in the order of the labels
    public void set(double value, String... labelValues) {
      family.computed.put(family.key(labelValues), () -> value);
    }

    /// Whether it has a value.
    ///
    /// @param labelValues in the order of the labels
    public boolean isSet(String... labelValues) {
      return family.computed.containsKey(family.key(labelValues));
    }

    /// Forgets what has these label values.
    public void removeIf(Predicate<List<String>> labelValues) {
      family.computed.keySet().removeIf(labelValues);
    }
  }

  private static final class Family {
    private final Type type;
    private final String help;
    private final List<String> labels;
    private final Map<List<String>, DoubleAdder> cells = new ConcurrentHashMap<>();
    private final Map<List<String>, DoubleSupplier> computed = new ConcurrentHashMap<>();

    private Family(Type type, String help, List<String> labels) {
      this.type = type;
      this.help = help;
      this.labels = labels;
    }

    private List<String> key(String... values) {
      if (values.length != labels.size()) {
        throw new IllegalArgumentException(
            "labels are %s, values are %s".formatted(labels, Arrays.toString(values)));
      }
      return List.of(values);
    }

    private void print(String name, StringBuilder into) {
      into.append("# HELP ").append(name).append(' ').append(help).append('\n');
      into.append("# TYPE ").append(name).append(' ');
      into.append(type == Type.COUNTER ? "counter" : "gauge").append('\n');
      cells.forEach((values, cell) -> line(name, values, cell.sum(), into));
      computed.forEach((values, value) -> line(name, values, value.getAsDouble(), into));
    }

    private void line(String name, List<String> values, double value, StringBuilder into) {
      into.append(name);
      if (!values.isEmpty()) {
        into.append(
            IntStream.range(0, values.size())
                .mapToObj(i -> labels.get(i) + "=\"" + escaped(values.get(i)) + '"')
                .collect(Collectors.joining(",", "{", "}")));
      }
      into.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }

    private static String escaped(String value) {
      return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
  }
}
