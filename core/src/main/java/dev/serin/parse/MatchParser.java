package dev.serin.parse;

import dev.serin.resource.AnalysisSpec.Match;
import dev.serin.resource.TextMatch;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// `spec.analysis.match`: which requests an A/B test sends to the canary.
final class MatchParser {

  private static final Pattern SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

  private MatchParser() {}

  static List<RequestMatch> parse(List<Match> given, Place at) {
    var matches = new ArrayList<RequestMatch>();
    for (int i = 0; i < given.size(); i++) {
      var conditions = conditions(given.get(i), at.at(i));
      if (conditions.isEmpty()) {
        at.at(i)
            .wrong(
                "",
                "names no condition",
                "give at least one of headers, cookies, queryParams, sourceLabels");
      } else {
        matches.add(new RequestMatch(conditions));
      }
    }
    return matches;
  }

  private static List<Condition> conditions(Match match, Place at) {
    var conditions = new ArrayList<Condition>();
    add(conditions, Source.HEADER, match.headers(), at.at("headers"));
    add(conditions, Source.COOKIE, match.cookies(), at.at("cookies"));
    add(conditions, Source.QUERY_PARAMETER, match.queryParams(), at.at("queryParams"));
    CanaryParser.all(match.sourceLabels()).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            label ->
                new Condition(
                    Source.SOURCE_LABEL, label.getKey(), Comparison.EXACT, label.getValue()))
        .forEach(conditions::add);
    return conditions;
  }

  private static void add(
      List<Condition> conditions, Source source, @Nullable Map<String, TextMatch> given, Place at) {
    for (var entry : new TreeMap<>(CanaryParser.all(given)).entrySet()) {
      var name = source == Source.HEADER ? entry.getKey().toLowerCase(Locale.ROOT) : entry.getKey();
      condition(source, name, entry.getValue(), at.at(entry.getKey())).ifPresent(conditions::add);
    }
  }

  private static Optional<Condition> condition(
      Source source, String name, TextMatch match, Place at) {
    var found = new ArrayList<Condition>();
    if (match.exact() != null) {
      found.add(new Condition(source, name, Comparison.EXACT, match.exact()));
    }
    if (match.prefix() != null) {
      found.add(new Condition(source, name, Comparison.PREFIX, match.prefix()));
    }
    if (match.suffix() != null) {
      var regex = any(source) + SPECIAL.matcher(match.suffix()).replaceAll("\\\\$0");
      found.add(new Condition(source, name, Comparison.REGEX, regex));
    }
    if (match.regex() != null) {
      refuseBroken(match.regex(), at.at("regex"));
      found.add(new Condition(source, name, Comparison.REGEX, match.regex()));
    }
    if (found.size() != 1) {
      at.wrong("", "is not one way to match", "give one of exact, prefix, suffix, regex");
      return Optional.empty();
    }
    return Optional.of(found.getFirst());
  }

  /// What may stand before a suffix. All cookies are one header, and a `;` ends each of them.
  private static String any(Source source) {
    return source == Source.COOKIE ? "[^;]*" : ".*";
  }

  /// Proxies speak RE2; what Java does not understand either is surely wrong.
  private static void refuseBroken(String regex, Place at) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      at.wrong(
          regex, "is not a regular expression: " + e.getDescription(), "use the syntax of RE2");
    }
  }
}
