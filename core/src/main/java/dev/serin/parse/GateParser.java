package dev.serin.parse;

import dev.serin.resource.AnalysisSpec;
import dev.serin.resource.AnalysisSpec.ApprovalSpec;
import dev.serin.resource.WebhookSpec;
import dev.serin.rollout.GateSpec;
import dev.serin.rollout.GateSpec.OnTimeout;
import dev.serin.rollout.GateSpec.Point;
import dev.serin.rollout.Step;
import dev.serin.rollout.TrafficSplit;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `spec.analysis.webhooks` and `.approvals`: who is asked and told.
final class GateParser {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String SIGNATURE_KEY = "hmac-key";

  private static final Map<String, HookSpec.Type> TYPES =
      Arrays.stream(HookSpec.Type.values())
          .collect(Collectors.toMap(HookSpec.Type::word, Function.identity()));

  private static final Map<String, OnTimeout> ON_TIMEOUT =
      Map.of("rollback", OnTimeout.ROLLBACK, "pass", OnTimeout.PASS);

  private static final Map<String, Point> BEFORE =
      Map.of("rollout", Point.ROLLOUT, "step", Point.STEP, "promotion", Point.PROMOTION);

  private final List<HookSpec> hooks = new ArrayList<>();
  private final List<GateSpec> gates = new ArrayList<>();
  private final List<StepGate> stepGates = new ArrayList<>();
  private final Unique names = new Unique("webhook or approval");

  private GateParser() {}

  /// A gate before steps.
  ///
  /// @param step the only step meant, counted from 1; empty for every rise of traffic
  /// @param index of the approval in the spec
  private record StepGate(String name, Optional<Integer> step, int index) {}

  /// What was found.
  record Gates(List<HookSpec> hooks, List<GateSpec> gates, List<StepGate> stepGates) {

    boolean hasRoundHooks() {
      return hooks.stream().anyMatch(hook -> hook.type() == HookSpec.Type.ROLLOUT);
    }

    /// The steps, each behind its gates.
    List<Step> before(List<Step> steps, Place approvals) {
      for (var gate : stepGates) {
        if (gate.step().filter(number -> number > steps.size()).isPresent()) {
          approvals
              .at(gate.index())
              .at("step")
              .wrong(gate.step().get(), "is none of the steps", "use 1 to " + steps.size());
        }
      }
      var guarded = new ArrayList<Step>();
      var before = TrafficSplit.toStable();
      for (int i = 0; i < steps.size(); i++) {
        var step = steps.get(i);
        var rises = step.split().canary() > before.canary();
        for (var gate : stepGates) {
          int number = i + 1;
          if (gate.step().map(wanted -> wanted == number).orElse(rises)) {
            step = step.behind(gate.name());
          }
        }
        guarded.add(step);
        before = step.split();
      }
      return guarded;
    }
  }

  static Gates parse(AnalysisSpec analysis, Place at) {
    var parser = new GateParser();
    var webhooks = CanaryParser.all(analysis.webhooks());
    for (int i = 0; i < webhooks.size(); i++) {
      parser.webhook(webhooks.get(i), at.at("webhooks").at(i));
    }
    var approvals = CanaryParser.all(analysis.approvals());
    for (int i = 0; i < approvals.size(); i++) {
      parser.approval(approvals.get(i), i, at.at("approvals").at(i));
    }
    return new Gates(parser.hooks, parser.gates, parser.stepGates);
  }

  private void webhook(WebhookSpec given, Place at) {
    var name = at.at("name").required(given.name(), "give the webhook a name");
    names.take(name, at.at("name"));
    var type = at.at("type").oneOf(given.type(), HookSpec.Type.ROLLOUT, TYPES);
    var url = at.at("url").required(given.url(), "say where to send it");
    var address = url.isEmpty() ? Optional.<URI>empty() : Uris.http(url, at.at("url"));
    var deadline = at.at("deadline").duration(given.deadline(), Duration.ofSeconds(1));
    var onTimeout = at.at("onTimeout").oneOf(given.onTimeout(), OnTimeout.ROLLBACK, ON_TIMEOUT);
    hooks.add(
        new HookSpec(
            name,
            type,
            address.orElse(URI.create("http://unknown")),
            at.at("timeout").duration(given.timeout(), TIMEOUT, Duration.ofMillis(1)),
            at.at("retries").whole(given.retries(), 0, 0, 100),
            CanaryParser.all(given.metadata()),
            CanaryParser.isTrue(given.muteAlert(), false),
            CanaryParser.isTrue(given.disableTLS(), false)
                ? HookSpec.Tls.UNVERIFIED
                : HookSpec.Tls.VERIFIED,
            Optional.ofNullable(given.secretRef())
                .map(ref -> secretKey(ref, SIGNATURE_KEY, at.at("secretRef"))),
            headers(CanaryParser.all(given.headersFrom()), at.at("headersFrom"))));
    refuseDeadlineWithoutGate(type, given, at);
    type.gate().ifPresent(point -> gate(name, type, point, deadline, onTimeout));
  }

  private void gate(
      String name,
      HookSpec.Type type,
      Point point,
      Optional<Duration> deadline,
      OnTimeout onTimeout) {
    var kind = type == HookSpec.Type.PRE_ROLLOUT ? GateSpec.Kind.CHECK : GateSpec.Kind.WEBHOOK;
    gates.add(new GateSpec(name, point, kind, 1, List.of(), deadline, onTimeout));
    if (point == Point.STEP) {
      stepGates.add(new StepGate(name, Optional.empty(), 0));
    }
  }

  private static void refuseDeadlineWithoutGate(HookSpec.Type type, WebhookSpec given, Place at) {
    var waits =
        type == HookSpec.Type.CONFIRM_ROLLOUT
            || type == HookSpec.Type.PRE_ROLLOUT
            || type == HookSpec.Type.CONFIRM_TRAFFIC_INCREASE
            || type == HookSpec.Type.CONFIRM_PROMOTION;
    if (given.deadline() != null && !waits) {
      at.at("deadline")
          .wrong(given.deadline(), "is for gates, and a " + type.word() + " is none", "remove it");
    }
    if (given.onTimeout() != null && given.deadline() == null) {
      at.at("onTimeout").wrong(given.onTimeout(), "needs a deadline", "give a deadline as well");
    }
  }

  private static HookSpec.SecretKey secretKey(
      WebhookSpec.SecretKeyRef ref, String usualKey, Place at) {
    var key = ref.key();
    if (usualKey.isEmpty()) {
      at.at("key").required(key, "name a key of the Secret");
    }
    return new HookSpec.SecretKey(
        at.at("name").objectName(ref.name(), "name a Secret"),
        Objects.requireNonNullElse(key, usualKey));
  }

  private static List<HookSpec.Header> headers(List<WebhookSpec.HeaderFrom> given, Place at) {
    var headers = new ArrayList<HookSpec.Header>();
    for (int i = 0; i < given.size(); i++) {
      var here = at.at(i);
      var name = here.at("name").required(given.get(i).name(), "name the header");
      var ref = given.get(i).secretKeyRef();
      if (ref == null) {
        here.at("secretKeyRef").missing("name a Secret and its key");
      } else {
        headers.add(new HookSpec.Header(name, secretKey(ref, "", here.at("secretKeyRef"))));
      }
    }
    return headers;
  }

  private void approval(ApprovalSpec given, int index, Place at) {
    var name = at.at("name").required(given.name(), "give the approval a name");
    names.take(name, at.at("name"));
    if (name.equals(GateSpec.UNDECIDED.name())) {
      at.at("name")
          .wrong(name, "is how an undecided analysis asks for approval", "give it another name");
    }
    var point = at.at("before").oneOf(given.before(), Point.PROMOTION, BEFORE);
    var approvers = CanaryParser.all(given.approvers());
    int required = at.at("required").whole(given.required(), 1, 1, 20);
    if (!approvers.isEmpty() && required > approvers.stream().distinct().count()) {
      at.at("required")
          .wrong(
              required, "is more than there are approvers", "name more approvers or require fewer");
    }
    var onTimeout = at.at("onTimeout").oneOf(given.onTimeout(), OnTimeout.ROLLBACK, ON_TIMEOUT);
    if (given.onTimeout() != null && given.timeout() == null) {
      at.at("onTimeout").wrong(given.onTimeout(), "needs a timeout", "give a timeout as well");
    }
    gates.add(
        new GateSpec(
            name,
            point,
            GateSpec.Kind.APPROVAL,
            required,
            approvers,
            at.at("timeout").duration(given.timeout(), Duration.ofSeconds(1)),
            onTimeout));
    var step = step(given.step(), point, at.at("step"));
    if (point == Point.STEP) {
      stepGates.add(new StepGate(name, step, index));
    }
  }

  private static Optional<Integer> step(@Nullable Integer given, Point point, Place at) {
    if (given == null) {
      return Optional.empty();
    }
    if (point != Point.STEP) {
      at.wrong(given, "needs before: step", "set it or remove the step");
    }
    return Optional.of(at.whole(given, 1, 1, Integer.MAX_VALUE));
  }
}
