package dev.serin.parse;

import dev.serin.mesh.Capability;
import dev.serin.parse.CanaryDeclaration.Strategy;
import dev.serin.resource.AnalysisSpec;
import dev.serin.resource.AnalysisSpec.SessionAffinity;
import dev.serin.resource.AnalysisSpec.StepSpec;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.Step;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compiles the strategies of `spec.analysis` to the one list of steps that the machine walks.
final class StrategyParser {

  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration LEAST_MAX_DURATION = Duration.ofHours(1);
  private static final int MOST_STEPS = 100;

  private final AnalysisSpec analysis;
  private final Step.Scale scale;
  private final String provider;
  private final Optional<Settings.Known> mesh;
  private final Place at;
  private final Duration interval;

  StrategyParser(
      AnalysisSpec analysis, Step.Scale scale, Settings settings, String provider, Place at) {
    this.analysis = analysis;
    this.scale = scale;
    this.provider = provider;
    this.mesh = Optional.ofNullable(settings.meshes().get(provider));
    this.at = at;
    this.interval = interval(settings.intervalFloor());
  }

  /// What was compiled.
  ///
  /// @param returnWeights as [dev.serin.rollout.Plan#returnWeights] has them
  record Steps(
      Strategy strategy,
      List<Step> steps,
      Duration interval,
      Duration maxDuration,
      List<Integer> returnWeights) {}

  /// How large a canary is that its user gave no size: a blue/green one as large as stable, since
  /// all traffic comes at once.
  static Step.Scale usualScale(AnalysisSpec analysis) {
    return strategy(analysis) == Strategy.BLUE_GREEN
        ? new Step.Scale.Full()
        : new Step.Scale.MatchWeight();
  }

  Steps parse() {
    refuseContradictions();
    var strategy = strategy(analysis);
    var steps =
        switch (strategy) {
          case WEIGHTS -> weights();
          case STEPS -> explicit();
          case BLUE_GREEN -> blueGreen();
          case AB -> aB();
        };
    var kept = affinity().map(affinity -> with(affinity, steps)).orElse(steps);
    refuseWhatTheMeshCannot(kept);
    // After a problem was noted there may be none; a plan is made all the same, to find more.
    var plan = kept.isEmpty() ? List.of(Step.weight(100, scale, interval)) : kept;
    return new Steps(strategy, plan, interval, maxDuration(plan), returnWeights(plan));
  }

  private static Strategy strategy(AnalysisSpec analysis) {
    if (!CanaryParser.all(analysis.match()).isEmpty()) {
      return Strategy.AB;
    }
    if (analysis.steps() != null) {
      return Strategy.STEPS;
    }
    var weights = analysis.stepWeight() != null || analysis.stepWeights() != null;
    return analysis.iterations() != null && !weights ? Strategy.BLUE_GREEN : Strategy.WEIGHTS;
  }

  private void refuseContradictions() {
    var given = new ArrayList<String>();
    addIf(given, analysis.stepWeight() != null, "stepWeight");
    addIf(given, analysis.stepWeights() != null, "stepWeights");
    addIf(given, analysis.steps() != null, "steps");
    addIf(given, analysis.iterations() != null, "iterations");
    if (given.isEmpty()) {
      at.wrong("", "names no strategy", "give one of stepWeight, stepWeights, steps, iterations");
    } else if (given.size() > 1) {
      at.wrong(String.join(" and ", given), "exclude each other", "keep one of them");
    }
    if (strategy(analysis) == Strategy.AB && analysis.iterations() == null) {
      at.at("match")
          .wrong("", "needs spec.analysis.iterations", "say how many rounds it is tested");
    }
    if (analysis.maxWeight() != null && analysis.stepWeight() == null) {
      at.at("maxWeight")
          .wrong(analysis.maxWeight(), "limits stepWeight, which is missing", "remove it");
    }
    if (analysis.mirrorWeight() != null && !mirrors()) {
      at.at("mirrorWeight")
          .wrong(analysis.mirrorWeight(), "has no effect without mirror: true", "set or remove it");
    }
    if (mirrors() && strategy(analysis) == Strategy.AB) {
      at.at("mirror").wrong("true", "cannot go with match", "remove one of them");
    }
    if (mirrors() && strategy(analysis) == Strategy.STEPS) {
      at.at("mirror").wrong("true", "cannot go with steps", "use stepWeights or iterations");
    }
    if (analysis.sessionAffinity() != null
        && strategy(analysis) != Strategy.WEIGHTS
        && strategy(analysis) != Strategy.STEPS) {
      at.at("sessionAffinity")
          .wrong("", "keeps users of a split by weight, and there is none", "remove it");
    }
  }

  private static void addIf(List<String> words, boolean wanted, String word) {
    if (wanted) {
      words.add(word);
    }
  }

  private boolean mirrors() {
    return CanaryParser.isTrue(analysis.mirror(), false);
  }

  private Duration interval(Duration floor) {
    var given = at.at("interval").duration(analysis.interval(), Duration.ofMillis(1));
    if (given.isPresent() && given.get().compareTo(floor) < 0) {
      at.at("interval")
          .wrong(
              String.valueOf(analysis.interval()),
              "is shorter than this controller allows",
              "use at least " + Durations.inWords(floor));
    }
    return given.orElse(INTERVAL.compareTo(floor) < 0 ? floor : INTERVAL);
  }

  private List<Step> weights() {
    var steps = new ArrayList<Step>();
    if (mirrors()) {
      steps.add(analysed(mirrored(), 1));
    }
    for (int weight : weightList()) {
      steps.add(analysed(TrafficSplit.toCanary(weight), 1));
    }
    return steps;
  }

  private List<Integer> weightList() {
    return analysis.stepWeights() == null
        ? evenWeights()
        : ascending(analysis.stepWeights(), at.at("stepWeights"));
  }

  private List<Integer> evenWeights() {
    int most = at.at("maxWeight").whole(analysis.maxWeight(), 100, 1, 100);
    int width = at.at("stepWeight").whole(analysis.stepWeight(), 100, 1, 100);
    var weights = new ArrayList<Integer>();
    for (int weight = width; weight < most; weight += width) {
      weights.add(weight);
    }
    weights.add(most);
    return weights;
  }

  private static List<Integer> ascending(List<Integer> given, Place at) {
    if (given.isEmpty() || given.size() > MOST_STEPS) {
      at.wrong(given.size() + " weights", "are too few or too many", "give 1 to " + MOST_STEPS);
    }
    var weights = new ArrayList<Integer>();
    int before = 0;
    for (int i = 0; i < given.size(); i++) {
      int weight = at.at(i).whole(given.get(i), before + 1, 1, 100);
      if (weight <= before) {
        at.at(i)
            .wrong(weight, "is not above the weight before it", "list weights in ascending order");
      }
      before = Math.max(before, weight);
      weights.add(Math.clamp(weight, 1, 100));
    }
    return weights;
  }

  private List<Step> blueGreen() {
    var tested = mirrors() ? mirrored() : TrafficSplit.toStable();
    return List.of(analysed(tested, iterations()), analysed(TrafficSplit.toCanary(100), 1));
  }

  private List<Step> aB() {
    var matches = MatchParser.parse(CanaryParser.all(analysis.match()), at.at("match"));
    return matches.isEmpty()
        ? List.of()
        : List.of(analysed(TrafficSplit.matching(matches), iterations()));
  }

  private int iterations() {
    return at.at("iterations").whole(analysis.iterations(), 1, 1, 10_000);
  }

  private TrafficSplit mirrored() {
    return TrafficSplit.mirrored(at.at("mirrorWeight").whole(analysis.mirrorWeight(), 100, 1, 100));
  }

  /// One step for each that the user wrote, so that numbers agree. The pause or analysis that
  /// follows a weight says how long it is held and judged, with sizes between them or not; a weight
  /// that neither follows is held like a weight of `stepWeights`, so that none is left unjudged.
  private List<Step> explicit() {
    var given = CanaryParser.all(analysis.steps());
    if (given.isEmpty() || given.size() > MOST_STEPS) {
      at.at("steps")
          .wrong(given.size() + " steps", "are too few or too many", "give 1 to " + MOST_STEPS);
    }
    var steps = new ArrayList<Step>();
    var split = TrafficSplit.toStable();
    var size = scale;
    for (int i = 0; i < given.size(); i++) {
      var step = given.get(i);
      var here = at.at("steps").at(i);
      requireOneField(step, here);
      if (step.setWeight() != null) {
        split = TrafficSplit.toCanary(here.at("setWeight").whole(step.setWeight(), 0, 0, 100));
        steps.add(
            isJudgedNext(given.subList(i + 1, given.size()))
                ? move(split, size)
                : held(split, size, interval, oneRound(split)));
      } else if (step.pause() != null) {
        steps.add(pause(step.pause().duration(), split, size, here.at("pause").at("duration")));
      } else if (step.analysis() != null) {
        var count = here.at("analysis").at("iterations");
        int rounds = count.whole(step.analysis().iterations(), 1, 1, 10_000);
        steps.add(held(split, size, interval.multipliedBy(rounds), rounds));
      } else {
        size = Scales.parse(step.setReplicas(), scale, here.at("setReplicas"));
        steps.add(move(split, size));
      }
    }
    return steps;
  }

  private static boolean isJudgedNext(List<StepSpec> following) {
    return following.stream()
        .filter(step -> step.setReplicas() == null || step.setWeight() != null)
        .findFirst()
        .filter(step -> step.setWeight() == null)
        .isPresent();
  }

  /// Without a request to the canary there is nothing that a round could pass by. An analysis that
  /// the user wrote is judged all the same: by what they send themselves.
  private static int oneRound(TrafficSplit split) {
    return split.loadsCanary() ? 1 : 0;
  }

  private static void requireOneField(StepSpec step, Place here) {
    var given = new ArrayList<String>();
    addIf(given, step.setWeight() != null, "setWeight");
    addIf(given, step.setReplicas() != null, "setReplicas");
    addIf(given, step.pause() != null, "pause");
    addIf(given, step.analysis() != null, "analysis");
    if (given.size() != 1) {
      here.wrong(
          String.join(" and ", given),
          "is not exactly one thing to do",
          "give one of setWeight, setReplicas, pause, analysis");
    }
  }

  private Step pause(@Nullable String duration, TrafficSplit split, Step.Scale size, Place here) {
    if (duration == null) {
      return new Step(split, size, Duration.ZERO, oneRound(split), true, List.of());
    }
    var length = here.duration(duration, interval, Duration.ofMillis(1));
    return held(split, size, length, oneRound(split));
  }

  private static Step move(TrafficSplit split, Step.Scale size) {
    return held(split, size, Duration.ZERO, 0);
  }

  private Step analysed(TrafficSplit split, int rounds) {
    return held(split, scale, interval.multipliedBy(rounds), rounds);
  }

  private static Step held(TrafficSplit split, Step.Scale size, Duration hold, int rounds) {
    return new Step(split, size, hold, rounds, false, List.of());
  }

  private Optional<Affinity> affinity() {
    var given = analysis.sessionAffinity();
    if (given == null) {
      return Optional.empty();
    }
    return Optional.of(affinity(given, at.at("sessionAffinity")));
  }

  private static Affinity affinity(SessionAffinity given, Place at) {
    var cookie = at.at("cookieName").required(given.cookieName(), "name the cookie");
    if (!cookie.isEmpty() && !cookie.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
      at.at("cookieName")
          .wrong(
              cookie, "is not a name of a cookie", "use letters, digits, dashes and underscores");
    }
    int seconds = at.at("maxAge").whole(given.maxAge(), 86_400, 1, Integer.MAX_VALUE);
    return new Affinity(cookie, Duration.ofSeconds(seconds));
  }

  private static List<Step> with(Affinity affinity, List<Step> steps) {
    return steps.stream()
        .map(
            step ->
                new Step(
                    step.split().with(affinity),
                    step.scale(),
                    step.hold(),
                    step.rounds(),
                    step.untilResumed(),
                    step.gates()))
        .toList();
  }

  private Duration maxDuration(List<Step> steps) {
    var planned = steps.stream().map(Step::hold).reduce(Duration.ZERO, Duration::plus);
    var usual = planned.multipliedBy(3);
    var least = usual.compareTo(LEAST_MAX_DURATION) < 0 ? LEAST_MAX_DURATION : usual;
    var given = at.at("maxDuration").duration(analysis.maxDuration(), Duration.ofSeconds(1));
    if (given.isPresent() && given.get().compareTo(planned) < 0) {
      at.at("maxDuration")
          .wrong(
              String.valueOf(analysis.maxDuration()),
              "is shorter than the steps, which take " + Durations.inWords(planned),
              "use more than that");
    }
    return given.orElse(least);
  }

  private List<Integer> returnWeights(List<Step> steps) {
    int width = at.at("stepWeightPromotion").whole(analysis.stepWeightPromotion(), 0, 0, 100);
    var last = steps.getLast().split();
    var weights = new ArrayList<Integer>();
    if (width > 0 && last.matches().isEmpty()) {
      for (int weight = last.canary() - width; weight > 0; weight -= width) {
        weights.add(weight);
      }
    }
    return weights;
  }

  private void refuseWhatTheMeshCannot(List<Step> steps) {
    mesh.ifPresent(
        known ->
            steps.stream()
                .flatMap(step -> Capability.neededBy(step.split()).stream())
                .distinct()
                .filter(needed -> !known.capabilities().contains(needed))
                .forEach(
                    missing ->
                        place(missing)
                            .wrong(
                                "",
                                "needs "
                                    + missing.inWords()
                                    + ", which provider "
                                    + provider
                                    + " cannot do",
                                "use another provider or another strategy")));
  }

  private Place place(Capability capability) {
    return switch (capability) {
      case MIRROR -> at.at("mirror");
      case MIRROR_PERCENT -> at.at("mirrorWeight");
      case AFFINITY -> at.at("sessionAffinity");
      case MATCH_HEADER, MATCH_COOKIE, MATCH_QUERY, MATCH_SOURCE_LABEL, MATCH_REGEX ->
          at.at("match");
    };
  }
}
