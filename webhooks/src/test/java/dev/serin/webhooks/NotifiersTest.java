package dev.serin.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifiersTest {

  @Test
  void everyNotifierHasAPageThatNamesIt() throws IOException {
    assertThat(Notifiers.names()).contains("slack", "webhook");
    for (var name : Notifiers.names()) {
      assertThat(Files.readString(Path.of("../docs/alerts", name + ".md")))
          .contains("kind: AlertProvider", "type: " + name);
    }
  }

  @Test
  void unknownTypeIsSaidWithTheKnownOnes() {
    var built =
        new Notifiers(InstantSource.system(), _ -> {})
            .of(new NotifierSettings("slak", "http://x/", "", "", "", Map.of()));
    assertThat(built)
        .isInstanceOfSatisfying(
            Built.Unfit.class,
            unfit ->
                assertThat(unfit.problems())
                    .containsExactly("spec.type is 'slak'; known are [slack, webhook]"));
  }
}
