package dev.serin.judge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// One row of a table of simulations.
///
/// @param key the circumstances, such as `rps=100 base=0.001`
/// @param figures what was found, by name
record Cell(String table, String key, Map<String, Figure> figures) {

  Cell(String table, String key) {
    this(table, key, new LinkedHashMap<>());
  }

  Cell with(String name, Figure figure) {
    figures.put(name, figure);
    return this;
  }

  Figure.Share share(String name) {
    return (Figure.Share) Objects.requireNonNull(figures.get(name), name);
  }

  Figure.Seconds seconds(String name) {
    return (Figure.Seconds) Objects.requireNonNull(figures.get(name), name);
  }
}
