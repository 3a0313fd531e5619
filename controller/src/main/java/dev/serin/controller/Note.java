package dev.serin.controller;

import dev.serin.judge.Assessment;
import dev.serin.rollout.Announcement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An announcement in one line: what happened, and of each check that it rests on what it said, its
/// limit and its evidence, each thing once.
///
/// @param told what happened
record Note(Announcement told) {

  /// For whoever reads along. What each check found comes before any evidence, which is longer.
  String brief() {
    var found = told.because().stream().map(this::finding);
    return joined(
        Stream.of(told.text()), Stream.concat(found, told.because().stream().map(Note::evidence)));
  }

  /// With what was asked as well. That stands last, since it is the longest, and whoever has little
  /// room cuts the end.
  String whole() {
    return joined(Stream.of(brief()), told.because().stream().map(Note::asked));
  }

  /// What a check said, as far as the text does not say it; "" when it says all.
  private String finding(Assessment said) {
    var parts = new ArrayList<String>();
    if (!told.text().contains(said.reason())) {
      parts.add(said.reason());
    }
    if (!said.reason().contains(said.limit())) {
      parts.add("limit " + said.limit());
    }
    return parts.isEmpty()
        ? ""
        : said.check() + " " + verdict(said) + ": " + String.join(", ", parts);
  }

  private static String evidence(Assessment said) {
    return said.reason().contains(said.evidence())
        ? ""
        : said.check() + " has evidence " + said.evidence();
  }

  private static String verdict(Assessment said) {
    return said.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String asked(Assessment said) {
    return said.query().isEmpty() ? "" : said.check() + " asked " + said.query();
  }

  private static String joined(Stream<String> first, Stream<String> others) {
    return Stream.concat(first, others)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /// What every check said, for a program that looks for it.
  static String checks(List<Assessment> because) {
    return because.stream()
        .map(
            said ->
                Stream.of(
                        said.check() + " " + said.verdict() + ": " + said.reason(),
                        named("limit", said.limit()),
                        named("evidence", said.evidence()),
                        named("asked", said.query()))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  private static String named(String name, String text) {
    return text.isEmpty() ? "" : name + " " + text;
  }
}
