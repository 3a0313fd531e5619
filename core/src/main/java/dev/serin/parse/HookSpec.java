package dev.serin.parse;

import dev.serin.rollout.GateSpec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A webhook of a Canary.
///
/// @param name unique among the Canary's hooks and approvals
/// @param type when it is called and what its answer means
/// @param url where to
/// @param timeout of one attempt
/// @param retries further attempts after a failed one
/// @param metadata sent along
/// @param muteAlert whether nobody is told that it keeps a rollout waiting
/// @param tls whether certificates are checked
/// @param signature the Secret key that signs the body with HMAC-SHA-256; empty for unsigned
/// @param headers header names and the Secret keys that hold their values
public record HookSpec(
    String name,
    Type type,
    URI url,
    Duration timeout,
    int retries,
    Map<String, String> metadata,
    boolean muteAlert,
    Tls tls,
    Optional<SecretKey> signature,
    List<Header> headers) {

  public HookSpec {
    metadata = Map.copyOf(metadata);
    headers = List.copyOf(headers);
  }

  /// When a hook is called and what its answer means.
  public enum Type {
    /// A gate before anything of a new revision is started.
    CONFIRM_ROLLOUT(Optional.of(GateSpec.Point.ROLLOUT)),
    /// A check of the ready canary before its first traffic.
    PRE_ROLLOUT(Optional.of(GateSpec.Point.FIRST_TRAFFIC)),
    /// A check in each round.
    ROLLOUT(Optional.empty()),
    /// A gate before each rise of traffic.
    CONFIRM_TRAFFIC_INCREASE(Optional.of(GateSpec.Point.STEP)),
    /// A gate after the last step.
    CONFIRM_PROMOTION(Optional.of(GateSpec.Point.PROMOTION)),
    /// Told how the rollout ended.
    POST_ROLLOUT(Optional.empty()),
    /// Asked while the revision is tried, also before its first traffic; yes rolls back.
    ROLLBACK(Optional.of(GateSpec.Point.ROLLBACK)),
    /// Told everything.
    EVENT(Optional.empty());

    private final Optional<GateSpec.Point> gate;

    Type(Optional<GateSpec.Point> gate) {
      this.gate = gate;
    }

    /// Where it stands as a gate of the plan; empty when it is none.
    public Optional<GateSpec.Point> gate() {
      return gate;
    }

    /// As written by users: `confirm-rollout`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Whether certificates of HTTPS are checked.
  public enum Tls {
    VERIFIED,
    /// `disableTLS: true`, by Flagger's name: any certificate is taken.
    UNVERIFIED
  }

  /// One value of a Secret in the Canary's namespace.
  public record SecretKey(String secret, String key) {}

  /// @param name of the header
  /// @param value where its value is kept
  public record Header(String name, SecretKey value) {}
}
