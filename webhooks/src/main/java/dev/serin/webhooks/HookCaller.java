package dev.serin.webhooks;

import dev.serin.gate.GateAnswer;
import dev.serin.parse.HookSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Calls webhooks. A call blocks for the hook's own time and attempts.
public final class HookCaller {
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /// What a header can carry: visible ASCII and spaces between.
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /// What is only told is nobody's to ask for again, so it is not given up at the first failure.
  private static final int RETRIES_OF_TELLING = 7;

  private final Courier courier;

  /// @param clock of signatures
  public HookCaller(InstantSource clock, Waiting waiting) {
    this(Courier.standard(clock, waiting));
  }

  HookCaller(Courier courier) {
    this.courier = courier;
  }

  /// Asks a hook. A hook whose server cannot be asked has said neither yes nor no.
  public GateAnswer ask(HookSpec hook, HookPayload payload, HookCredentials credentials) {
    return send(hook, payload, credentials, UUID.randomUUID().toString(), hook.retries());
  }

  /// Tells a hook what happened.
  ///
  /// @param id the same whenever the same thing is told again
  /// @return empty when it was told, else why not
  public Optional<String> tell(
      HookSpec hook, HookPayload payload, HookCredentials credentials, String id) {
    int retries = Math.max(hook.retries(), RETRIES_OF_TELLING);
    return switch (send(hook, payload, credentials, id, retries)) {
      case GateAnswer.Open _ -> Optional.empty();
      case GateAnswer.Closed(var reason) -> Optional.of(reason);
      case GateAnswer.Unreachable(var reason) -> Optional.of(reason);
    };
  }

  private GateAnswer send(
      HookSpec hook, HookPayload payload, HookCredentials credentials, String id, int retries) {
    var headers = new HashMap<String, String>();
    for (var header : credentials.headers().entrySet()) {
      var value = header.getValue().strip();
      if (!HEADER_NAME.matcher(header.getKey()).matches()) {
        return new GateAnswer.Unreachable(
            "headersFrom names '%s', which is no name of a header".formatted(header.getKey()));
      }
      if (!HEADER_VALUE.matcher(value).matches()) {
        return new GateAnswer.Unreachable(
            "the Secret's value of header %s has a line break or a character that no header can"
                    .formatted(header.getKey())
                + " carry; correct the Secret");
      }
      headers.put(header.getKey(), value);
    }
    if (credentials.key().filter(key -> !Signature.isKey(key)).isPresent()) {
      return new GateAnswer.Unreachable(
          "the Secret's signing key is empty or, after whsec_, no base64; correct the Secret");
    }
    return answer(
        courier.send(
            new Letter(
                id,
                hook.url(),
                "application/json",
                payload.json(),
                headers,
                credentials.key(),
                hook.timeout(),
                retries,
                hook.tls(),
                Optional.empty(),
                secrets(hook, credentials, headers))));
  }

  private static Secrets secrets(
      HookSpec hook, HookCredentials credentials, Map<String, String> headers) {
    var secrets = new ArrayList<>(headers.values());
    credentials.key().ifPresent(secrets::add);
    secrets.addAll(Addresses.secrets(hook.url()));
    return Secrets.of(secrets);
  }

  private static GateAnswer answer(Reply reply) {
    return switch (reply) {
      case Reply.Silent(var reason, _) -> new GateAnswer.Unreachable(reason);
      case Reply.Answered answered when answered.isYes() -> new GateAnswer.Open();
      case Reply.Answered answered when answered.isBusy() ->
          new GateAnswer.Unreachable(answered.place() + " " + answered.inWords());
      case Reply.Answered answered -> new GateAnswer.Closed(answered.inWords());
    };
  }
}
