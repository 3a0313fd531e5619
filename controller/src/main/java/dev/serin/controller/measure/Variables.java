package dev.serin.controller.measure;

import dev.serin.cluster.Names;
import dev.serin.metrics.QueryTemplate;
import dev.serin.metrics.QueryTemplate.Rendered;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values of the variables in a query.
///
/// @param values by name, such as `namespace` or `variables.threshold`
public record Variables(Map<String, String> values) {
  private static final Pattern SPECIAL = Pattern.compile("[.*+?^$|(){}\\[\\]\\\\]");

  public Variables {
    values = Map.copyOf(values);
  }

  /// The variables that every query of a Canary may use.
  ///
  /// @param window what `{{ interval }}` means
  /// @param own values of `{{ variables.x }}`
  public static Variables of(Assignment assignment, Duration window, Map<String, String> own) {
    var declared = assignment.declared();
    var target = declared.target().name();
    var copy = Names.canary(target);
    var values = new HashMap<String, String>();
    values.put("name", declared.name());
    values.put("namespace", declared.namespace());
    values.put("target", copy);
    values.put("canary", copy);
    values.put("primary", target);
    values.put("stable", target);
    values.put("service", declared.exposure().apex());
    values.put("canaryService", declared.exposure().canary());
    values.put("port", String.valueOf(declared.exposure().port()));
    values.put("interval", window.toSeconds() + "s");
    own.forEach((name, value) -> values.put("variables." + name, value));
    return new Variables(values);
  }

  /// The same for a query about stable: the names of the canary are those of stable.
  public Variables ofStable() {
    return with("target", values.getOrDefault("stable", ""))
        .with("canary", values.getOrDefault("stable", ""))
        .with("canaryService", values.getOrDefault("service", ""));
  }

  /// The same and one more.
  public Variables with(String name, String value) {
    var more = new HashMap<>(values);
    more.put(name, value);
    return new Variables(more);
  }

  /// A query with all variables filled in, none of which can make another query of it.
  public Rendered query(String template) {
    return new QueryTemplate(template).renderPromQl(values);
  }

  /// A text of Serin's own, such as the name of a workload, with all variables filled in as they
  /// are.
  public String text(String template) {
    return switch (new QueryTemplate(template).render(values)) {
      case Rendered.Query(var text) -> text;
      case Rendered.Unfit(var problems) ->
          throw new IllegalArgumentException(String.join("; ", problems));
    };
  }

  /// A text as a regular expression that matches nothing else.
  public static String literally(String text) {
    return SPECIAL
        .matcher(text)
        .replaceAll(found -> "\\\\" + Matcher.quoteReplacement(found.group()));
  }
}
