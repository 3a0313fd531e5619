package dev.serin.controller.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import org.slf4j.LoggerFactory;

/// Sets up logging: our own lines, and of libraries only what somebody has to act on.
public final class Logging {

  private Logging() {}

  /// Writes to standard error from now on.
  ///
  /// @param debug whether to say everything, libraries included
  public static void configure(LogFormat format, boolean debug) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setContext(context);
    encoder.setLayout(
        switch (format) {
          case TEXT -> LogLayout.text(context);
          case JSON -> LogLayout.json(context);
        });
    encoder.start();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    root.setLevel(debug ? Level.DEBUG : Level.WARN);
    quiet(context, debug);
    context.getLogger("dev.serin").setLevel(debug ? Level.DEBUG : Level.INFO);
  }

  /// Says nothing from now on: somebody else tells the story.
  public static void silence() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }
  }

  /// Their warnings are about attempts that they repeat; what it means for us is said by us.
  private static void quiet(LoggerContext context, boolean debug) {
    for (var library : new String[] {"io.fabric8", "io.javaoperatorsdk", "okhttp3"}) {
      Logger logger = context.getLogger(library);
      logger.setLevel(debug ? Level.INFO : Level.ERROR);
    }
  }
}
