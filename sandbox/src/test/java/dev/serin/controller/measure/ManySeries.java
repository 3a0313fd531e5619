package dev.serin.controller.measure;

import dev.serin.metrics.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What a Prometheus that scrapes very many sidecars of Istio answers to the questions of a fleet:
/// nine requests a second in one pod of each version of each Canary, all of them well and within
/// 250 ms, but for one canary that is slow.
///
/// @param namespaces so many
/// @param apps in each
/// @param slow the workload whose requests take 400 ms, as `namespace/name`
record ManySeries(int namespaces, int apps, String slow) implements Bench.Answers {
  private static final Pattern COUNTED = Pattern.compile("\"counted\", \"([\\w-]+)\"");
  private static final int PER_SECOND = 9;

  @Override
  public List<Sample> answer(String query, List<Instant> times) {
    var samples = new ArrayList<Sample>();
    if (query.equals(ServerClock.QUERY)) {
      return List.of(new Sample(Map.of(), times.getFirst(), times.getFirst().getEpochSecond()));
    }
    if (query.startsWith("count by (le)")) {
      for (var le : List.of("250", "500", "+Inf")) {
        samples.add(new Sample(Map.of("le", le), times.getFirst(), 1));
      }
      return samples;
    }
    var counted = COUNTED.matcher(query).results().map(found -> found.group(1)).toList();
    if (counted.isEmpty()) {
      throw new AssertionError("a fleet does not ask " + query);
    }
    var inNamespaces = matching("destination_workload_namespace", query);
    var ofWorkloads = matching("destination_workload", query);
    for (int i = 0; i < namespaces; i++) {
      for (int j = 0; j < apps; j++) {
        for (var workload : List.of("app" + j, "app" + j + "-canary")) {
          if (inNamespaces.matcher("ns" + i).matches() && ofWorkloads.matcher(workload).matches()) {
            var pod = new Pod("ns" + i, workload, slow.equals("ns" + i + "/" + workload));
            times.forEach(at -> counted.forEach(what -> samples.addAll(pod.samples(what, at))));
          }
        }
      }
    }
    return samples;
  }

  private record Pod(String namespace, String workload, boolean isSlow) {

    /// @param counted what the query counts, by its own word
    List<Sample> samples(String counted, Instant at) {
      var second = (double) at.getEpochSecond();
      var all = PER_SECOND * second;
      return switch (counted) {
        case "requests" -> List.of(sample(counted, "", at, all));
        case "errors" -> List.of();
        case "newest" -> List.of(sample(counted, "", at, second));
        case "within" ->
            List.of(sample(counted, "250", at, isSlow ? 0 : all), sample(counted, "+Inf", at, all));
        case "request-success-rate" -> List.of(sample(counted, "", at, 100));
        case "request-duration" -> List.of(sample(counted, "", at, isSlow ? 990 : 49));
        default -> throw new AssertionError("a fleet does not count " + counted);
      };
    }

    /// @param le empty for none
    private Sample sample(String counted, String le, Instant at, double value) {
      var labels = new HashMap<String, String>();
      labels.put("counted", counted);
      labels.put("destination_workload_namespace", namespace);
      labels.put("destination_workload", workload);
      labels.put("pod", workload + "-1");
      labels.put("instance", workload + "." + namespace);
      if (!le.isEmpty()) {
        labels.put("le", le);
      }
      return new Sample(labels, at, value);
    }
  }

  private static Pattern matching(String label, String query) {
    var matcher = Pattern.compile("[{,]" + label + "=~\"([^\"]*)\"").matcher(query);
    if (!matcher.find()) {
      throw new AssertionError(query + " has no " + label);
    }
    return Pattern.compile(matcher.group(1));
  }
}
