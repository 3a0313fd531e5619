package dev.serin.rollout;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Makes states that differ only in when they happened, in what revisions are called, or in how a
/// reason is told, into one: the stable revision is S, the one on trial A.
final class Canonical {
  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private static final Duration DEADLINE = Plans.UNIT.multipliedBy(3);

  /// When something that is counted from a moment happens: between these ages nothing is different.
  private static final List<Duration> NEVER = List.of(Duration.ZERO);

  private static final List<Duration> INTERVAL = List.of(Duration.ZERO, Plans.UNIT);
  private static final List<Duration> LATE = List.of(Duration.ZERO, DEADLINE);
  private static final List<Duration> BOTH = List.of(Duration.ZERO, Plans.UNIT, DEADLINE);

  /// Where it is known what happens at which age of a moment; elsewhere at all of them.
  private static final Map<String, List<Duration>> AGES =
      Map.ofEntries(
          Map.entry("lastRound", INTERVAL),
          Map.entry("judged", LATE),
          Map.entry("resumed", LATE),
          Map.entry("asked", LATE),
          Map.entry("heldUp", NEVER),
          Map.entry("startedAt", NEVER),
          Map.entry("Initializing.since", NEVER),
          Map.entry("Waiting.since", NEVER),
          Map.entry("PromotionFailed.since", NEVER),
          Map.entry("Bypassed.since", NEVER),
          Map.entry("StepPhase.Routing.since", NEVER),
          Map.entry("Returning.since", NEVER),
          Map.entry("Draining.since", INTERVAL),
          Map.entry("Finalising.since", INTERVAL),
          Map.entry("Scaling.since", LATE),
          Map.entry("Gated.since", LATE),
          Map.entry("WaitingPromotion.since", LATE),
          Map.entry("Reverting.since", LATE),
          Map.entry("Rolling.since", LATE));

  private Canonical() {}

  /// @param ages of each component
  private record Shape(
      List<Method> accessors,
      List<String> names,
      List<List<Duration>> ages,
      Constructor<?> constructor) {}

  /// @param now what becomes `origin`
  static RolloutState of(RolloutState state, Instant now, Instant origin) {
    var names = names(state);
    var still =
        state instanceof RolloutState.Paused paused
            ? new RolloutState.Paused(caughtUp(paused, now), now, paused.by())
            : state;
    return (RolloutState) moved(settled(still), now, origin, BOTH, names);
  }

  /// Once the revision is being promoted, how it was judged makes no difference any more.
  private static RolloutState settled(RolloutState state) {
    return switch (state) {
      case RolloutState.Promoting at ->
          new RolloutState.Promoting(settled(at.trial(), at.trial().failedChecks()), at.in());
      case RolloutState.Finalising at ->
          new RolloutState.Finalising(
              settled(at.trial(), 0), at.weight(), at.since(), at.withdrawal());
      case RolloutState.Reverting at ->
          new RolloutState.Reverting(
              settled(at.trial(), 0),
              at.reason(),
              at.since(),
              at.stalled(),
              Optional.empty(),
              List.of());
      case RolloutState.PromotionFailed at ->
          new RolloutState.PromotionFailed(
              settled(at.trial(), at.trial().failedChecks()),
              at.reason(),
              at.since(),
              at.meanwhile());
      case RolloutState.Progressing at ->
          new RolloutState.Progressing(
              at.trial().withApprovals(counting(at.trial().approvals(), at.step())),
              at.step(),
              at.in());
      case RolloutState.WaitingPromotion at ->
          new RolloutState.WaitingPromotion(
              at.trial().withApprovals(counting(at.trial().approvals(), Integer.MAX_VALUE)),
              at.since(),
              at.lastRound(),
              at.inconclusive());
      case RolloutState.Paused at -> new RolloutState.Paused(settled(at.in()), at.since(), at.by());
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Waiting _,
          RolloutState.Failed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          state;
    };
  }

  /// Approvals of steps that are over make no difference any more.
  private static List<Trial.Approval> counting(List<Trial.Approval> given, int step) {
    return given.stream()
        .filter(approval -> approval.step().filter(before -> before < step).isEmpty())
        .toList();
  }

  private static Trial settled(Trial trial, int failedChecks) {
    return trial.withJudged(Duration.ZERO).withApprovals(List.of()).withFailedChecks(failedChecks);
  }

  /// A pause stops clocks: how long it lasts makes no difference.
  private static RolloutState caughtUp(RolloutState.Paused paused, Instant now) {
    var nothing =
        Sights.seen(new Seen.Target.Missing(), new Seen.Canary.Absent(), new Seen.Route.Absent());
    return Pauses.caughtUp(paused, new Look(Plans.weights(), nothing, now, false));
  }

  private static Map<String, String> names(RolloutState state) {
    return switch (state) {
      case RolloutState.Initializing at ->
          at.adopting().map(stable -> Map.of(stable, "S")).orElse(Map.of());
      case RolloutState.Initialized at -> Map.of(at.stable(), "S");
      case RolloutState.Succeeded at -> Map.of(at.stable(), "S");
      case RolloutState.Waiting at -> names(at.stable(), at.revision());
      case RolloutState.Failed at -> names(at.stable(), at.revision());
      case RolloutState.Progressing at -> names(at.trial());
      case RolloutState.WaitingPromotion at -> names(at.trial());
      case RolloutState.Promoting at -> names(at.trial());
      case RolloutState.Finalising at -> names(at.trial());
      case RolloutState.Reverting at -> names(at.trial());
      case RolloutState.PromotionFailed at -> names(at.trial());
      case RolloutState.Paused at -> names(at.in());
      case RolloutState.Terminating at ->
          at.stable().map(stable -> Map.of(stable, "S")).orElse(Map.of());
      case RolloutState.Bypassed _ -> Map.of();
    };
  }

  private static Map<String, String> names(Trial trial) {
    return names(trial.stable(), trial.revision());
  }

  private static Map<String, String> names(String stable, String revision) {
    return Map.of(stable, "S", revision, "A");
  }

  private static Object moved(
      Object value, Instant now, Instant origin, List<Duration> ages, Map<String, String> names) {
    return switch (value) {
      case Instant instant -> aged(instant, now, origin, ages);
      case Duration length -> rounded(length, ages);
      case String text -> names.getOrDefault(text, text);
      case Optional<?> optional -> optional.map(inner -> moved(inner, now, origin, ages, names));
      case List<?> list ->
          list.stream().map(inner -> moved(inner, now, origin, ages, names)).toList();
      case TrafficSplit split -> split;
      case Record inner -> rebuilt(inner, now, origin, names);
      default -> value;
    };
  }

  private static Instant aged(Instant instant, Instant now, Instant origin, List<Duration> ages) {
    var age = Duration.between(instant, now);
    if (age.isNegative()) {
      return origin.minus(age);
    }
    return origin.minus(rounded(age, ages));
  }

  private static Duration rounded(Duration length, List<Duration> ages) {
    var rounded = Duration.ZERO;
    for (var known : ages) {
      rounded = length.compareTo(known) >= 0 ? known : rounded;
    }
    return rounded;
  }

  private static Object rebuilt(
      Record value, Instant now, Instant origin, Map<String, String> names) {
    var shape = SHAPES.computeIfAbsent(value.getClass(), Canonical::shape);
    var parts = new Object[shape.accessors().size()];
    try {
      for (int i = 0; i < parts.length; i++) {
        var part = shape.accessors().get(i).invoke(value);
        parts[i] =
            switch (shape.names().get(i)) {
              case "reason" -> "";
              // Where samples belong; no decision goes by it.
              case "routedAt" -> List.of();
              // Told in the end; no decision goes by it.
              case "skipped" -> List.of();
              case "ground" -> Optional.empty();
              // Who came first makes no difference.
              case "approvals" ->
                  ((List<?>) part).stream().sorted(Comparator.comparing(Object::toString)).toList();
              default -> moved(part, now, origin, shape.ages().get(i), names);
            };
      }
      return shape.constructor().newInstance(parts);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(value + " cannot be rebuilt", e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(value.getClass() + " cannot be rebuilt", e);
    }
  }

  private static List<Duration> ages(Class<?> type, String component) {
    var outer = type.getDeclaringClass() == null ? "" : type.getDeclaringClass().getSimpleName();
    var name = type.getSimpleName() + "." + component;
    return Stream.of(outer + "." + name, name, component)
        .filter(AGES::containsKey)
        .findFirst()
        .map(AGES::get)
        .orElse(BOTH);
  }

  private static Shape shape(Class<?> type) {
    try {
      var components = type.getRecordComponents();
      var types = new Class<?>[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        components[i].getAccessor().setAccessible(true);
      }
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new Shape(
          Arrays.stream(components).map(RecordComponent::getAccessor).toList(),
          Arrays.stream(components).map(RecordComponent::getName).toList(),
          Arrays.stream(components).map(one -> ages(type, one.getName())).toList(),
          constructor);
    } catch (NoSuchMethodException e) {
      throw new LinkageError(type + " has no canonical constructor", e);
    }
  }
}
