package dev.serin.webhooks;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Texts that nobody may be shown, in every form in which they could come back.
///
/// @param texts longest first, so that none is hidden in part only
record Secrets(List<String> texts) {
  /// What is as short as this is found everywhere and tells nothing.
  private static final int TOO_SHORT = 2;

  /// Words of a value from this length on are secrets of their own, such as the token after
  /// `Bearer`.
  private static final int WORD = 8;

  static Secrets of(Collection<String> values) {
    return new Secrets(
        values.stream()
            .map(String::strip)
            .flatMap(Secrets::words)
            .filter(value -> value.length() > TOO_SHORT)
            .flatMap(Secrets::forms)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  private static Stream<String> words(String value) {
    return Stream.concat(
        Stream.of(value), Stream.of(value.split("\\s+")).filter(word -> word.length() >= WORD));
  }

  private static Stream<String> forms(String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        value,
        new String(JsonStringEncoder.getInstance().quoteAsString(value)),
        URLEncoder.encode(value, StandardCharsets.UTF_8),
        Base64.getEncoder().encodeToString(bytes),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// A text without any of them.
  String hide(String text) {
    var clean = text;
    for (var secret : texts) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }

  /// Length of the longest one.
  int longest() {
    return texts.isEmpty() ? 0 : texts.getFirst().length();
  }

  @Override
  public String toString() {
    return "Secrets[***]";
  }
}
