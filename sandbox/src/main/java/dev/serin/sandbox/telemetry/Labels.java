package dev.serin.sandbox.telemetry;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The labels that identify a series, its name among them as `__name__`. A label without a value is
/// no label.
public final class Labels implements Comparable<Labels> {

  static final String NAME = "__name__";

  /// No labels.
  public static final Labels NONE = new Labels(new TreeMap<>());

  private final SortedMap<String, String> values;
  // Looked up with every scrape.
  private final int hash;

  private Labels(SortedMap<String, String> values) {
    values.values().removeIf(String::isEmpty);
    this.values = Collections.unmodifiableSortedMap(values);
    hash = values.hashCode();
  }

  /// @param metric name of the metric; "" for none
  /// @param namesAndValues names and values in turn
  public static Labels of(String metric, String... namesAndValues) {
    var values = new TreeMap<String, String>();
    values.put(NAME, metric);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Labels(values);
  }

  /// The values by name, in order of the names.
  public Map<String, String> values() {
    return values;
  }

  /// The value of a label; "" when it has none.
  public String get(String name) {
    return values.getOrDefault(name, "");
  }

  /// Name of the metric; "" when it has none.
  public String metric() {
    return get(NAME);
  }

  Labels with(String name, String value) {
    var copy = new TreeMap<>(values);
    copy.put(name, value);
    return new Labels(copy);
  }

  Labels named(String metric) {
    return with(NAME, metric);
  }

  Labels without(Collection<String> names) {
    var copy = new TreeMap<>(values);
    copy.keySet().removeAll(names);
    return new Labels(copy);
  }

  Labels withoutName() {
    return values.containsKey(NAME) ? without(List.of(NAME)) : this;
  }

  Labels only(Collection<String> names) {
    var copy = new TreeMap<>(values);
    copy.keySet().retainAll(names);
    return new Labels(copy);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels labels && hash == labels.hash && values.equals(labels.values);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(Labels other) {
    return values.toString().compareTo(other.values.toString());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
