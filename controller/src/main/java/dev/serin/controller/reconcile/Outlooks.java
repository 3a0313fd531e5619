package dev.serin.controller.reconcile;

import dev.serin.controller.measure.Forecast;
import dev.serin.resource.CanaryStatus;
import dev.serin.resource.CanaryStatus.Condition;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.Announcement.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The conditions that say before the start what checks cannot decide.
final class Outlooks {
  private static final String UNDERPOWERED = "Underpowered";
  private static final String BURSTY = "Bursty";

  private Outlooks() {}

  static List<Condition> of(Forecast forecast) {
    var conditions = new ArrayList<Condition>();
    forecast
        .tooWeak()
        .ifPresent(
            words -> conditions.add(condition(UNDERPOWERED, "GoodVersionWouldNotPass", words)));
    forecast
        .bursts()
        .ifPresent(words -> conditions.add(condition(BURSTY, "BadRequestsComeTogether", words)));
    return conditions;
  }

  private static Condition condition(String type, String reason, String message) {
    return new Condition(type, "True", reason, message, null, null);
  }

  /// Those among other conditions.
  static List<Condition> in(List<Condition> conditions) {
    return conditions.stream().filter(Outlooks::isOutlook).toList();
  }

  private static boolean isOutlook(Condition condition) {
    return UNDERPOWERED.equals(condition.type()) || BURSTY.equals(condition.type());
  }

  /// What one status says of its revision that the one before did not.
  static List<Announcement> news(CanaryStatus before, CanaryStatus after) {
    var known =
        Objects.equals(before.revision(), after.revision()) && before.conditions() != null
            ? in(before.conditions()).stream().map(Condition::type).toList()
            : List.<String>of();
    return in(after.conditions() == null ? List.of() : after.conditions()).stream()
        .filter(condition -> !known.contains(condition.type()))
        .map(
            condition ->
                new Announcement(
                    UNDERPOWERED.equals(condition.type()) ? Kind.Underpowered : Kind.Bursty,
                    Objects.requireNonNullElse(condition.message(), "")))
        .toList();
  }
}
