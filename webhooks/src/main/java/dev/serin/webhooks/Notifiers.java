package dev.serin.webhooks;

import dev.serin.alert.Notifier;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The list of all kinds of systems that tell people.
public final class Notifiers {
  private static final Map<String, Factory> FACTORIES =
      Map.of("slack", Slack::new, "webhook", CloudEvents::new);

  private final Courier courier;

  /// Makes the notifiers of one type.
  interface Factory {
    Notifier create(Destination destination, Courier courier);
  }

  /// @param clock of signatures
  public Notifiers(InstantSource clock, Waiting waiting) {
    this(Courier.standard(clock, waiting));
  }

  Notifiers(Courier courier) {
    this.courier = courier;
  }

  /// The types that an AlertProvider can name.
  public static List<String> names() {
    return FACTORIES.keySet().stream().sorted().toList();
  }

  /// The notifier for these settings. Nothing is sent.
  public Built of(NotifierSettings settings) {
    var factory = FACTORIES.get(settings.type());
    if (factory == null) {
      return new Built.Unfit(
          List.of("spec.type is '%s'; known are %s".formatted(settings.type(), names())));
    }
    var problems = new ArrayList<String>();
    return Destination.of(settings, problems)
        .<Built>map(destination -> new Built.Ready(factory.create(destination, courier)))
        .orElseGet(() -> new Built.Unfit(problems));
  }
}
