package dev.serin.controller.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/// One line per event. Facts that a message names are key-value pairs of the event too; people read
/// the message, collectors the pairs.
abstract sealed class LogLayout extends LayoutBase<ILoggingEvent> {

  private final ThrowableProxyConverter throwables = new ThrowableProxyConverter();

  static LogLayout text(LoggerContext context) {
    return new Text().started(context);
  }

  static LogLayout json(LoggerContext context) {
    return new Json().started(context);
  }

  final LogLayout started(LoggerContext context) {
    setContext(context);
    throwables.setContext(context);
    throwables.start();
    start();
    return this;
  }

  String throwable(ILoggingEvent event) {
    return event.getThrowableProxy() == null ? "" : throwables.convert(event);
  }

  static String time(ILoggingEvent event) {
    return Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static final class Text extends LogLayout {
    @Override
    public String doLayout(ILoggingEvent event) {
      return "%s %-5s %s\n%s"
          .formatted(
              time(event),
              event.getLevel(),
              oneLine(event.getFormattedMessage()),
              throwable(event));
    }

    /// Nobody may forge a line by a name or a reason.
    private static String oneLine(String message) {
      return message.replace("\r", "\\r").replace("\n", "\\n");
    }
  }

  private static final class Json extends LogLayout {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public String doLayout(ILoggingEvent event) {
      var line = MAPPER.createObjectNode();
      line.put("time", time(event));
      line.put("level", event.getLevel().toString());
      line.put("logger", event.getLoggerName());
      line.put("message", event.getFormattedMessage());
      List<KeyValuePair> pairs = event.getKeyValuePairs();
      if (pairs != null) {
        pairs.forEach(pair -> line.put(pair.key, String.valueOf(pair.value)));
      }
      if (event.getThrowableProxy() != null) {
        line.put("error", throwable(event));
      }
      try {
        return MAPPER.writeValueAsString(line) + "\n";
      } catch (JsonProcessingException e) {
        return event.getFormattedMessage() + "\n";
      }
    }
  }
}
