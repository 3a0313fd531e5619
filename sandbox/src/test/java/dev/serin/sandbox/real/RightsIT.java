package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What the account of all controllers of these tests was let do. It runs after the others.
@Isolated
@Order(Integer.MAX_VALUE)
class RightsIT {
  private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("rights");
  }

  @Test
  void nothingThatAControllerAskedForWasForbidden() {
    var asked = AuditLog.all(stage.cluster).entries();
    assertThat(asked).isNotEmpty();
    var forbidden =
        asked.stream()
            .filter(AuditLog.Entry::forbidden)
            .map(AuditLog.Entry::what)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(forbidden).isEmpty();
  }
}
