package dev.serin.sandbox.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.regex.Pattern;

/// The text formats of OpenAPI that Kubernetes checks.
final class Formats {

  private static final Pattern DURATION =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?(ns|us|µs|ms|s|m|h))+|0");
  private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.|$)){4}");
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");

  private Formats() {}

  /// Whether a text is of a format; any text is of a format that is not known.
  static boolean fits(String format, String text) {
    return switch (format) {
      case "date-time" -> reads(() -> OffsetDateTime.parse(text));
      case "date" -> reads(() -> LocalDate.parse(text));
      case "duration" -> DURATION.matcher(text).matches();
      case "ipv4" -> IPV4.matcher(text).matches();
      case "ipv6" -> text.contains(":");
      case "uuid" -> UUID.matcher(text).matches();
      case "byte" -> reads(() -> Base64.getDecoder().decode(text));
      case "uri" -> isUri(text);
      default -> true;
    };
  }

  private static boolean reads(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (DateTimeException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isUri(String text) {
    try {
      return new URI(text).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
