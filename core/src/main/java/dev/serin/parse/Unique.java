package dev.serin.parse;

import java.util.HashSet;
import java.util.Set;

/// Names that may be used once.
final class Unique {

  private final String what;
  private final Set<String> taken = new HashSet<>();

  /// @param what the names belong to
  Unique(String what) {
    this.what = what;
  }

  void take(String name, Place at) {
    if (!name.isEmpty() && !taken.add(name)) {
      at.wrong(name, "is the name of another " + what + " as well", "give each a name of its own");
    }
  }
}
