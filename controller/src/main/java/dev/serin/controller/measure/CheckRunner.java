package dev.serin.controller.measure;

import dev.serin.judge.Assessment;
import dev.serin.parse.CheckSpec;
import java.util.function.Consumer;

/// Runs checks of one kind.
public interface CheckRunner {

  /// Whether it runs checks like this one.
  boolean runs(CheckSpec check);

  /// Runs a check once. Blocks with a deadline, and never throws for what others can do.
  Assessment run(CheckSpec check, Assignment assignment);

  /// Sees to it that a check is run once and its answer taken, now or later, once. Does not wait
  /// for others who are asked together with it.
  default void start(CheckSpec check, Assignment assignment, Consumer<Assessment> answer) {
    answer.accept(run(check, assignment));
  }
}
