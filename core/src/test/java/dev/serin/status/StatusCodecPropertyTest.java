package dev.serin.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.parse.Damage;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.TrafficSplit;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Any value of any state is read as it was written. A new state or part needs nothing here.
class StatusCodecPropertyTest {

  @Property(tries = 2000, seed = "20261129", edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenReadsBackTheSame(@ForAll("states") RolloutState state) {
    assertThat(StatusCodec.decode(StatusCodec.encode(state)))
        .isEqualTo(new StatusCodec.Stored.State(state));
  }

  @Property(tries = 500, seed = "20261129", edgeCases = EdgeCasesMode.NONE)
  void whatWasDamagedIsAStateOrToldByItsField(
      @ForAll("states") RolloutState state, @ForAll @IntRange(max = 1_000_000) int which) {
    var all = Damage.each(StatusCodec.encode(state));
    var damaged = all.get(which % all.size());

    if (StatusCodec.decode((ObjectNode) damaged)
        instanceof StatusCodec.Stored.Unreadable(var why)) {
      assertThat(why).startsWith("status.state");
    }
  }

  @Provide
  Arbitrary<RolloutState> states() {
    return any(RolloutState.class, 0).map(RolloutState.class::cast);
  }

  private static Arbitrary<Object> any(Type type, int depth) {
    if (type instanceof ParameterizedType generic) {
      var inner = any(generic.getActualTypeArguments()[0], depth);
      return generic.getRawType() == List.class
          ? inner.list().ofMaxSize(3).map(list -> list)
          : inner.optional().map(optional -> optional);
    }
    var plain = (Class<?>) type;
    if (plain == TrafficSplit.class) {
      return splits();
    }
    if (plain.isSealed()) {
      var alternatives =
          Arrays.stream(plain.getPermittedSubclasses())
              // What a paused Canary was in is never paused itself.
              .filter(alternative -> alternative != RolloutState.Paused.class || depth == 0)
              .map(alternative -> any(alternative, depth))
              .toList();
      return Arbitraries.oneOf(alternatives);
    }
    if (plain.isRecord()) {
      return record(plain, depth + 1);
    }
    if (plain.isEnum()) {
      return Arbitraries.of(Arrays.<Object>asList(plain.getEnumConstants()));
    }
    if (plain == int.class || plain == Integer.class) {
      return Arbitraries.integers().map(number -> number);
    }
    if (plain == boolean.class) {
      return Arbitraries.of(true, false).map(truth -> truth);
    }
    if (plain == OptionalDouble.class) {
      return Arbitraries.doubles()
          .optional()
          .map(
              number ->
                  number.isPresent() ? OptionalDouble.of(number.get()) : OptionalDouble.empty());
    }
    if (plain == String.class) {
      return Arbitraries.strings().ofMaxLength(20).map(text -> text);
    }
    if (plain == Instant.class) {
      return Arbitraries.longs()
          .between(-4_000_000_000L, 8_000_000_000L)
          .flatMap(
              seconds ->
                  Arbitraries.integers()
                      .between(0, 999_999_999)
                      .map(nanos -> Instant.ofEpochSecond(seconds, nanos)));
    }
    if (plain == Duration.class) {
      return Arbitraries.longs().between(0, Long.MAX_VALUE).map(Duration::ofNanos);
    }
    throw new AssertionError("nothing is known of " + plain);
  }

  private static Arbitrary<Object> record(Class<?> type, int depth) {
    var parts =
        Arrays.stream(type.getRecordComponents())
            .map(component -> any(component.getGenericType(), depth))
            .toList();
    return Combinators.combine(parts).as(values -> make(type, values));
  }

  private static Object make(Class<?> type, List<Object> values) {
    try {
      var types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + type, e);
    }
  }

  /// A split keeps its own rules, so it is made by its own ways.
  private static Arbitrary<Object> splits() {
    var percent = Arbitraries.integers().between(0, 100);
    return Arbitraries.oneOf(
        percent.map(TrafficSplit::toCanary),
        percent.map(TrafficSplit::mirrored),
        any(RequestMatch.class, 2)
            .map(match -> TrafficSplit.matching(List.of((RequestMatch) match))),
        any(Affinity.class, 2).map(kept -> TrafficSplit.toCanary(50).with((Affinity) kept)));
  }
}
