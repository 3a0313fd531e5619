package dev.serin.controller.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("dev.serin.some");

  private LoggingEvent said(String message, @Nullable Throwable thrown, Object... values) {
    var event = new LoggingEvent(Logger.FQCN, logger, Level.WARN, message, thrown, values.clone());
    event.setInstant(NOW);
    return event;
  }

  private JsonNode json(LoggingEvent event) throws JsonProcessingException {
    var line = LogLayout.json(context).doLayout(event);
    assertThat(line).endsWith("\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(line);
  }

  @Test
  void peopleReadTimeLevelAndMessage() {
    assertThat(LogLayout.text(context).doLayout(said("{} is {}", null, "web", "well")))
        .isEqualTo("2026-11-21T10:00:00.123Z WARN  web is well\n");
  }

  @Test
  void nobodyForgesALineByAName() {
    var forged = "web\n2026-11-21T10:00:00Z INFO  all is well\r";
    assertThat(LogLayout.text(context).doLayout(said("{} fails", null, forged)))
        .endsWith("web\\n2026-11-21T10:00:00Z INFO  all is well\\r fails\n")
        .containsOnlyOnce("\n");
  }

  @Test
  void whatWasThrownFollowsTheLine() {
    assertThat(LogLayout.text(context).doLayout(said("it broke", new IllegalStateException("so"))))
        .contains("WARN  it broke\n", "java.lang.IllegalStateException: so");
  }

  @Test
  void collectorsReadOneObject() throws JsonProcessingException {
    var event = said("{} fails", null, "\"web\"\n");
    event.addKeyValuePair(new KeyValuePair("canary", "shop/web"));
    event.addKeyValuePair(new KeyValuePair("failed", 3));

    var line = json(event);

    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly("time", "level", "logger", "message", "canary", "failed");
    assertThat(line.path("time").asText()).isEqualTo("2026-11-21T10:00:00.123Z");
    assertThat(line.path("level").asText()).isEqualTo("WARN");
    assertThat(line.path("logger").asText()).isEqualTo("dev.serin.some");
    assertThat(line.path("message").asText()).isEqualTo("\"web\"\n fails");
    assertThat(line.path("canary").asText()).isEqualTo("shop/web");
    assertThat(line.path("failed").asText()).isEqualTo("3");
  }

  @Test
  void whatWasThrownIsInTheObject() throws JsonProcessingException {
    assertThat(json(said("it broke", new IllegalStateException("so"))).path("error").asText())
        .contains("java.lang.IllegalStateException: so", "LogLayoutTest");
  }
}
