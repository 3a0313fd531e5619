package dev.serin.sandbox.rehearsal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A release that is tried in a simulation.
///
/// @param perSecond requests of users in a second
/// @param stableErrors share of requests that stable fails, 0 to 1
/// @param errors share of requests that the new version fails, 0 to 1
/// @param latency median time that the new version takes to answer; stable's when empty
/// @param replicas pods of the target
/// @param headers carried by every tenth request, for strategies that match requests
public record Release(
    double perSecond,
    double stableErrors,
    double errors,
    Optional<Duration> latency,
    int replicas,
    Map<String, String> headers) {

  public Release {
    headers = Map.copyOf(headers);
  }

  String stableImage() {
    return "sandbox/app:1" + errors(stableErrors);
  }

  String newImage() {
    return "sandbox/app:2"
        + errors(errors)
        + latency.map(time -> "-slow-" + time.toMillis() + "ms").orElse("");
  }

  /// In the words of the sandbox's tags.
  private static String errors(double share) {
    return share == 0
        ? ""
        : "-errors-"
            + BigDecimal.valueOf(share * 100)
                .setScale(4, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
  }
}
