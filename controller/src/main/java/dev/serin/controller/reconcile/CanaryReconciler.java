package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.controller.workload.Marks;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Looks at one Canary, decides, stores the decision, and makes the wanted world so. Whoever drives
/// it sees to it that one Canary is reconciled at most once at a time.
public final class CanaryReconciler {
  private static final Duration UNKNOWN = Duration.ofSeconds(5);

  private final Parts parts;
  private final Slots slots;
  private final Map<Name, Remembered> memories = new ConcurrentHashMap<>();

  private record Name(String namespace, String name) {}

  public CanaryReconciler(Parts parts) {
    this.parts = parts;
    this.slots = new Slots(parts.settings(), parts.wake());
  }

  /// Reconciles one Canary once.
  ///
  /// @return when time alone could change something; empty when only an event can
  public Optional<Duration> reconcile(String namespace, String name) {
    return switch (parts.cluster().find(Kind.CANARY.named(namespace, name))) {
      case Read.Found(var canary) when isLetGo(canary) -> forget(namespace, name);
      case Read.Found(var canary) -> look(namespace, name, canary);
      case Read.Absent _, Read.NotServed _ -> forget(namespace, name);
      case Read.Unknown _ -> Optional.of(UNKNOWN);
    };
  }

  private Optional<Duration> look(String namespace, String name, ObjectNode canary) {
    try {
      return new Reconciliation(parts, canary, memory(namespace, name), slots).run();
    } catch (RuntimeException e) {
      // A slot that nobody gives back would be taken for ever.
      slots.passOver(namespace, name);
      throw e;
    }
  }

  /// Whether a Canary is being deleted and nothing of it is ours any more.
  private static boolean isLetGo(ObjectNode canary) {
    return Fields.isDeleting(canary)
        && Fields.list(canary, "metadata", "finalizers").stream()
            .noneMatch(finalizer -> finalizer.asText().equals(Marks.FINALIZER));
  }

  private Remembered memory(String namespace, String name) {
    return memories.computeIfAbsent(new Name(namespace, name), _ -> new Remembered());
  }

  /// The Canary does not exist any more.
  public void gone(String namespace, String name) {
    memories.remove(new Name(namespace, name));
    slots.giveBack(namespace, name);
    slots.moved(namespace);
    parts.measurements().forget(namespace, name);
  }

  private Optional<Duration> forget(String namespace, String name) {
    gone(namespace, name);
    return Optional.empty();
  }
}
