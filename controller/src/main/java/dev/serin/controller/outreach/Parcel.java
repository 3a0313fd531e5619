package dev.serin.controller.outreach;

import dev.serin.controller.reconcile.Occasion;
import java.util.Optional;

/// Something to be delivered to one receiver.
///
/// @param kind of delivery
/// @param receiver its name; what goes to the same one goes there in order
/// @param occasion what it tells of
/// @param delivery does it; blocks for as long as it takes
record Parcel(Kind kind, String receiver, Occasion occasion, Delivery delivery) {

  enum Kind {
    ALERT,
    HOOK
  }

  /// Delivers once, with all attempts that are worth while.
  @FunctionalInterface
  interface Delivery {
    /// @return empty when it was delivered, else why not, without any secret
    Optional<String> attempt();
  }

  /// `RolledBack of shop/web to AlertProvider ops/slack`.
  String inWords() {
    return "%s of %s/%s to %s"
        .formatted(
            occasion.announcement().kind(),
            occasion.declared().namespace(),
            occasion.declared().name(),
            receiver);
  }
}
