package dev.serin.parse;

import dev.serin.resource.NamespacedRef;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a Canary may name objects of other kinds.
///
/// @param own namespace of the Canary
record References(String own, Settings.References allowed) {

  /// @param namespace never empty
  record Name(String namespace, String name) {}

  Optional<Name> parse(@Nullable NamespacedRef ref, Place at, String cure) {
    if (ref == null) {
      at.missing(cure);
      return Optional.empty();
    }
    var name = at.at("name").objectName(ref.name(), cure);
    var given = Objects.requireNonNullElse(ref.namespace(), "");
    var namespace = given.isEmpty() ? own : given;
    if (allowed == Settings.References.OWN_NAMESPACE && !namespace.equals(own)) {
      at.at("namespace")
          .wrong(
              namespace,
              "is another namespace than the Canary's, which this controller does not allow",
              "use an object of namespace " + own);
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(new Name(namespace, name));
  }
}
