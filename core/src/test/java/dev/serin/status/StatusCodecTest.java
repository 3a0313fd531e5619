package dev.serin.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serin.parse.Damage;
import dev.serin.parse.Yaml;
import dev.serin.rollout.RolloutState;
import dev.serin.status.StatusCodec.Stored;
import org.junit.jupiter.api.Test;

class StatusCodecTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void everyStateReadsBackAsItself() throws Exception {
    for (var state : States.all()) {
      var stored = MAPPER.readTree(MAPPER.writeValueAsString(StatusCodec.encode(state)));

      assertThat(StatusCodec.decode(stored)).isEqualTo(new Stored.State(state));
    }
  }

  @Test
  void everyKindOfStateIsAmongTheSamples() {
    assertThat(States.all().stream().map(Object::getClass).distinct())
        .hasSameSizeAs(RolloutState.class.getPermittedSubclasses());
  }

  @Test
  void nothingStoredIsNotAMistake() {
    assertThat(StatusCodec.decode(MissingNode.getInstance())).isEqualTo(new Stored.Nothing());
    assertThat(StatusCodec.decode(NullNode.getInstance())).isEqualTo(new Stored.Nothing());
  }

  @Test
  void whatIsNoStateSaysWhere() {
    assertThat(decode("{is: Dreaming}"))
        .isInstanceOfSatisfying(
            Stored.Unreadable.class,
            unreadable ->
                assertThat(unreadable.reason())
                    .startsWith("status.state.is is 'Dreaming', known are [Initializing,"));
    assertThat(decode("{is: Succeeded}"))
        .isEqualTo(new Stored.Unreadable("status.state.stable is missing"));
    assertThat(decode("{is: Bypassed, reason: x, since: yesterday}"))
        .isEqualTo(new Stored.Unreadable("status.state.since is 'yesterday', which is no Instant"));
  }

  /// As stored by versions that did not keep why a rollout comes to its end.
  @Test
  void stateOfAnOlderVersionIsRead() {
    var trial =
        "{number: 3, revision: b, stable: a, startedAt: '2026-01-01T00:00:00Z', mode: ANALYSED,"
            + " failedChecks: 0, judged: PT30S}";
    assertThat(
            decode(
                "{is: Reverting, reason: aborted, since: '2026-01-01T00:00:00Z', stalled: false,"
                    + " trial: "
                    + trial
                    + "}"))
        .isInstanceOfSatisfying(
            Stored.State.class,
            stored -> {
              var state = (RolloutState.Reverting) stored.state();
              assertThat(state.by()).isEmpty();
              assertThat(state.because()).isEmpty();
              assertThat(state.trial().skipped()).isEmpty();
              assertThat(state.trial().ground()).isEmpty();
            });
  }

  @Test
  void noDamageIsAnException() {
    States.oneOfEach().stream()
        .map(StatusCodec::encode)
        .flatMap(state -> Damage.each(state).stream())
        .forEach(damaged -> assertThat(StatusCodec.decode(damaged)).isNotNull());
  }

  private static Stored decode(String yaml) {
    return StatusCodec.decode(Yaml.object(yaml));
  }
}
