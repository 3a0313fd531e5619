package dev.serin.parse;

import dev.serin.alert.Severity;
import dev.serin.resource.AnalysisSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `spec.analysis.alerts`.
final class AlertParser {

  private static final Map<String, Severity> SEVERITIES =
      Map.of("info", Severity.INFO, "warn", Severity.WARN, "error", Severity.ERROR);

  private AlertParser() {}

  static List<AlertSpec> parse(AnalysisSpec analysis, References references, Place at) {
    var alerts = new ArrayList<AlertSpec>();
    var names = new Unique("alert");
    var given = CanaryParser.all(analysis.alerts());
    for (int i = 0; i < given.size(); i++) {
      var alert = given.get(i);
      var here = at.at(i);
      var name = here.at("name").required(alert.name(), "give the alert a name");
      names.take(name, here.at("name"));
      var severity = here.at("severity").oneOf(alert.severity(), Severity.INFO, SEVERITIES);
      references
          .parse(alert.providerRef(), here.at("providerRef"), "name an AlertProvider")
          .ifPresent(
              provider ->
                  alerts.add(new AlertSpec(name, severity, provider.namespace(), provider.name())));
    }
    return alerts;
  }
}
