package dev.serin.parse;

import java.util.List;

/// What became of parsing a Canary.
public sealed interface Parsed {

  /// @param canary the Canary, known to be valid
  record Valid(CanaryDeclaration canary) implements Parsed {}

  /// @param problems all of them, in the order of the fields, never empty
  record Invalid(List<Problem> problems) implements Parsed {
    public Invalid {
      problems = List.copyOf(problems);
    }

    /// All problems as one text for a condition or a terminal, one line each.
    public String inWords() {
      return String.join("\n", problems.stream().map(Problem::inWords).toList());
    }
  }
}
