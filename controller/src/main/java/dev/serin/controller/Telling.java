package dev.serin.controller;

import dev.serin.cluster.Kind;
import dev.serin.controller.reconcile.Announcer;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import dev.serin.rollout.Announcement.Weight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of every decision: as a log line, an event and a number.
final class Telling implements Announcer {
  private static final Logger LOG = LoggerFactory.getLogger("dev.serin.decisions");

  private final EventRecorder events;
  private final ControllerMetrics metrics;

  Telling(EventRecorder events, ControllerMetrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  @Override
  public void announce(Occasion occasion) {
    var namespace = occasion.declared().namespace();
    var name = occasion.declared().name();
    var told = occasion.announcement();
    var note = new Note(told);
    var weight = told.kind().weight();
    var level =
        switch (weight) {
          case NORMAL -> LOG.atInfo();
          case WARNING -> LOG.atWarn();
          case ERROR -> LOG.atError();
        };
    var line =
        level
            .addKeyValue("canary", namespace + "/" + name)
            .addKeyValue("kind", told.kind())
            .addKeyValue("phase", occasion.after().phase());
    if (!told.because().isEmpty()) {
      line = line.addKeyValue("checks", Note.checks(told.because()));
    }
    line.log("{}/{}: {}", namespace, name, note.brief());
    events.record(
        new EventRecorder.Event(
            Kind.CANARY.named(namespace, name),
            occasion.uid(),
            weight != Weight.NORMAL,
            told.kind().name(),
            note.whole()));
    metrics.decided(namespace, name, told.kind().name());
    told.because()
        .forEach(said -> metrics.checked(namespace, name, said.check(), said.verdict().name()));
    metrics.stands(
        namespace, name, occasion.progress().phase(), occasion.progress().canaryWeight());
    occasion.outcome().ifPresent(outcome -> metrics.ended(outcome.kind().name()));
  }
}
