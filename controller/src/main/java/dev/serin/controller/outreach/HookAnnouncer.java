package dev.serin.controller.outreach;

import dev.serin.controller.reconcile.Announcer;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.parse.HookSpec;
import dev.serin.rollout.Announcement.Weight;
import dev.serin.webhooks.HookPayload;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells webhooks of the types `event` and `post-rollout`.
final class HookAnnouncer implements Announcer {
  private final HookDesk desk;
  private final Outbox outbox;

  HookAnnouncer(HookDesk desk, Outbox outbox) {
    this.desk = desk;
    this.outbox = outbox;
  }

  @Override
  public void announce(Occasion occasion) {
    var declared = occasion.declared();
    for (var hook : declared.hooks(HookSpec.Type.EVENT)) {
      post(hook, occasion, payload(occasion, occasion.after().phase(), event(hook, occasion)));
    }
    occasion
        .outcome()
        .flatMap(
            outcome ->
                switch (outcome.kind()) {
                  case Promoted -> Optional.of("Succeeded");
                  case RolledBack, PromotionFailed -> Optional.of("Failed");
                  // Its author took it back or replaced it: it has neither succeeded nor failed.
                  case Reverted, Superseded, Released -> Optional.empty();
                })
        .ifPresent(
            phase -> {
              for (var hook : declared.hooks(HookSpec.Type.POST_ROLLOUT)) {
                post(hook, occasion, payload(occasion, phase, hook.metadata()));
              }
            });
  }

  private static HookPayload payload(
      Occasion occasion, String phase, Map<String, String> metadata) {
    var declared = occasion.declared();
    return new HookPayload(
        declared.name(), declared.namespace(), phase, occasion.revision(), metadata);
  }

  /// What Flagger adds for an event; metadata of the user cannot take its place.
  private static Map<String, String> event(HookSpec hook, Occasion occasion) {
    var told = occasion.announcement();
    var metadata = new HashMap<>(hook.metadata());
    metadata.put("eventMessage", told.text());
    metadata.put("eventType", told.kind().weight() == Weight.NORMAL ? "Normal" : "Warning");
    metadata.put("timestamp", Long.toString(occasion.at().toEpochMilli()));
    return metadata;
  }

  private void post(HookSpec hook, Occasion occasion, HookPayload payload) {
    var declared = occasion.declared();
    outbox.post(
        new Parcel(
            Parcel.Kind.HOOK,
            "webhook %s of %s/%s".formatted(hook.name(), declared.namespace(), declared.name()),
            occasion,
            () -> desk.tell(hook, payload, Ids.of(occasion))));
  }
}
