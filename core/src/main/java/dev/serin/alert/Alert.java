package dev.serin.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// Something that happened to a canary, told to people or systems.
///
/// @param id the same whenever the same thing is told again
/// @param namespace of the Canary
/// @param canary its name
/// @param phase the phase it is in after it
/// @param revision the revision concerned, empty at rest
/// @param kind what happened, such as `RolledBack`
/// @param severity how bad it is
/// @param text one sentence for people
/// @param findings what checks said that was the reason; empty when it was none of theirs
/// @param fields further facts by name, in the order to show them
/// @param at when
public record Alert(
    String id,
    String namespace,
    String canary,
    String phase,
    String revision,
    String kind,
    Severity severity,
    String text,
    List<Finding> findings,
    Map<String, String> fields,
    Instant at) {

  /// What one check said, with everything that a person needs to believe it.
  ///
  /// @param check its name
  /// @param verdict such as `FAILED`
  /// @param reason one sentence with its numbers
  /// @param value that was measured, in the check's own unit
  /// @param limit in words; empty for none
  /// @param query what was asked, as it was sent; empty when nothing was
  /// @param evidence of a comparison, in words; empty for thresholds
  public record Finding(
      String check,
      String verdict,
      String reason,
      OptionalDouble value,
      String limit,
      String query,
      String evidence) {}

  public Alert {
    findings = List.copyOf(findings);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
