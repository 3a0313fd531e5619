package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Finds objects by the names that people type.
final class CanaryNames {
  private static final int SHOWN = 5;

  private CanaryNames() {}

  /// The Canary of this name; that there is none is a usage error, which names those near.
  static ObjectNode find(ClusterAccess access, String name) {
    return find(access, Kind.CANARY, name);
  }

  static ObjectNode find(ClusterAccess access, Kind kind, String typed) {
    var name = bare(kind, typed);
    return access
        .find(kind, access.namespace(), name)
        .orElseThrow(() -> new UsageException(unknown(access, kind, name)));
  }

  /// A name without the `canary/` that kubectl prints before it.
  static String bare(Kind kind, String typed) {
    var slash = typed.indexOf('/');
    var prefix = slash < 0 ? "" : typed.substring(0, slash);
    var singular = kind.kind().toLowerCase(java.util.Locale.ROOT);
    var words =
        List.of(
            singular,
            kind.plural(),
            singular + "." + kind.group(),
            kind.plural() + "." + kind.group());
    return words.contains(prefix) || (kind.equals(Kind.CANARY) && prefix.equals("cn"))
        ? typed.substring(slash + 1)
        : typed;
  }

  private static String unknown(ClusterAccess access, Kind kind, String name) {
    var start = "there is no %s %s/%s".formatted(kind.kind(), access.namespace(), name);
    var known =
        access.list(kind, access.namespace()).stream()
            .map(object -> object.at("/metadata/name").asText())
            .toList();
    if (known.isEmpty()) {
      return start
          + "; the namespace has none%s"
              .formatted(kind.equals(Kind.CANARY) ? ", `canary get -A` lists all" : "");
    }
    return start + "; there is " + near(name, known);
  }

  /// The names that were most likely meant, best first.
  static String near(String name, List<String> known) {
    return known.stream()
        .sorted(
            Comparator.<String>comparingInt(each -> distance(name, each))
                .thenComparing(Comparator.naturalOrder()))
        .limit(SHOWN)
        .collect(Collectors.joining(", "));
  }

  /// How many letters have to be changed, put in or left out.
  static int distance(String one, String other) {
    var row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
