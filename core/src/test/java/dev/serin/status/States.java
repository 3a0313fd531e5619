package dev.serin.status;

import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.TrafficSplit;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// One of every kind of state, and variants of each of their parts.
public final class States {

  private static final List<TrafficSplit> SPLITS =
      List.of(
          TrafficSplit.toStable(),
          TrafficSplit.toCanary(30).with(new Affinity("seen", Duration.ofHours(24))),
          TrafficSplit.mirrored(20),
          TrafficSplit.matching(
              List.of(
                  new RequestMatch(
                      List.of(
                          new RequestMatch.Condition(
                              RequestMatch.Source.COOKIE,
                              "canary",
                              RequestMatch.Comparison.REGEX,
                              "a|b"))))));

  private States() {}

  /// Every alternative of every part at least once.
  public static List<RolloutState> all() {
    return samples(RolloutState.class, 0).stream().map(RolloutState.class::cast).toList();
  }

  /// One of each kind of state, and of each part of a step or a promotion.
  public static Collection<RolloutState> oneOfEach() {
    var kinds = new LinkedHashMap<String, RolloutState>();
    for (var state : all()) {
      var json = StatusCodec.encode(state);
      var kind = json.path("is") + "/" + json.at("/in/is") + json.at("/stopped/is");
      kinds.putIfAbsent(kind, state);
    }
    return kinds.values();
  }

  private static List<Object> samples(Type type, int depth) {
    if (type instanceof ParameterizedType generic) {
      var inner = samples(generic.getActualTypeArguments()[0], depth);
      return generic.getRawType() == Optional.class
          ? List.of(Optional.empty(), Optional.of(inner.getFirst()))
          : List.of(List.of(), List.of(inner.getFirst(), inner.getLast()));
    }
    var plain = (Class<?>) type;
    if (plain == TrafficSplit.class) {
      return List.copyOf(SPLITS);
    }
    if (plain.isSealed()) {
      // What a paused Canary was in is never paused itself.
      return Arrays.stream(plain.getPermittedSubclasses())
          .filter(alternative -> alternative != RolloutState.Paused.class || depth == 0)
          .flatMap(alternative -> samples(alternative, depth).stream())
          .toList();
    }
    if (plain.isRecord()) {
      return records(plain, depth + 1);
    }
    if (plain.isEnum()) {
      return List.of(plain.getEnumConstants());
    }
    if (plain == int.class || plain == Integer.class) {
      return List.of(0, 3);
    }
    if (plain == Duration.class) {
      return List.of(Duration.ZERO, Duration.ofMillis(90_500));
    }
    if (plain == boolean.class) {
      return List.of(false, true);
    }
    if (plain == Instant.class) {
      return List.of(
          Instant.parse("2026-11-01T12:00:00Z"), Instant.parse("2026-11-01T12:00:00.123456789Z"));
    }
    if (plain == OptionalDouble.class) {
      return List.of(OptionalDouble.empty(), OptionalDouble.of(99.5), OptionalDouble.of(3));
    }
    if (plain == String.class) {
      return List.of("5f2c9a", "a reason: \"quoted\", ünd more");
    }
    throw new AssertionError("no sample of " + plain);
  }

  /// Each variant of one component at a time; the others stay as in the first.
  private static List<Object> records(Class<?> type, int depth) {
    var components = type.getRecordComponents();
    var choices =
        Arrays.stream(components)
            .map(component -> samples(component.getGenericType(), depth))
            .toList();
    var first = choices.stream().map(List::getFirst).toArray();
    var records = new ArrayList<Object>();
    records.add(make(type, first));
    for (int i = 0; i < components.length; i++) {
      for (var choice : choices.get(i).subList(1, choices.get(i).size())) {
        var values = first.clone();
        values[i] = choice;
        records.add(make(type, values));
      }
    }
    return records;
  }

  private static Object make(Class<?> type, Object[] values) {
    try {
      var types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + type, e);
    }
  }
}
