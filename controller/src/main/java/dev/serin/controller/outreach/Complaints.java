package dev.serin.controller.outreach;

import dev.serin.cluster.Kind;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what could not be delivered: as a log line, an event of the Canary and a number.
final class Complaints implements Ledger {
  private static final Logger LOG = LoggerFactory.getLogger("dev.serin.deliveries");
  private static final String REASON = "NotDelivered";

  private final EventRecorder events;
  private final ControllerMetrics metrics;

  Complaints(EventRecorder events, ControllerMetrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  @Override
  public void delivered(Parcel parcel) {
    metrics.delivery(word(parcel), "delivered");
  }

  @Override
  public void failed(Parcel parcel, String reason) {
    metrics.delivery(word(parcel), "failed");
    complain(parcel, reason);
  }

  @Override
  public void dropped(Parcel parcel, String reason) {
    metrics.delivery(word(parcel), "dropped");
    complain(parcel, reason);
  }

  private void complain(Parcel parcel, String reason) {
    var declared = parcel.occasion().declared();
    LOG.atWarn()
        .addKeyValue("canary", declared.namespace() + "/" + declared.name())
        .addKeyValue("receiver", parcel.receiver())
        .log("not delivered: {}: {}", parcel.inWords(), reason);
    events.record(
        new EventRecorder.Event(
            Kind.CANARY.named(declared.namespace(), declared.name()),
            parcel.occasion().uid(),
            true,
            REASON,
            "%s was not told of %s: %s"
                .formatted(parcel.receiver(), parcel.occasion().announcement().kind(), reason)));
  }

  private static String word(Parcel parcel) {
    return parcel.kind().name().toLowerCase(Locale.ROOT);
  }
}
