package dev.serin.metrics.providers;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The list of all kinds of metrics systems, and the ones in use. Equal settings share one
/// provider, and with it what is known of its server: which requests it takes, and whether it is
/// down.
public final class MetricsProviders {
  private static final Map<String, Factory> FACTORIES = Map.of("prometheus", Prometheus::create);

  /// Settings that are in use at a time; old ones (a password that changed) make room.
  private static final int MOST = 1000;

  private final Clock clock;
  private final Map<ProviderSettings, Built> inUse =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ProviderSettings, Built> eldest) {
          return size() > MOST;
        }
      };

  /// Makes the providers of one type.
  interface Factory {
    Built create(ProviderSettings settings, Clock clock);
  }

  /// @param clock tells how long a server that failed is left alone
  public MetricsProviders(Clock clock) {
    this.clock = clock;
  }

  /// The types that a MetricTemplate can name.
  public static List<String> names() {
    return FACTORIES.keySet().stream().sorted().toList();
  }

  /// The provider for these settings, the same for equal ones. Nothing is sent.
  public Built of(ProviderSettings settings) {
    synchronized (inUse) {
      return inUse.computeIfAbsent(settings, this::create);
    }
  }

  private Built create(ProviderSettings settings) {
    var factory = FACTORIES.get(settings.type());
    return factory == null
        ? new Built.Unfit(
            List.of("spec.provider.type is '%s'; known are %s".formatted(settings.type(), names())))
        : factory.create(settings, clock);
  }
}
