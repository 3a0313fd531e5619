package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.load.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A rule of a route, whatever kind of object it was written in.
///
/// @param matches which requests it is for: those that any of these matches
/// @param backends where they go, by weight
/// @param mirrors where copies of them go
public record Rule(List<Match> matches, List<Weighted> backends, List<Mirror> mirrors) {

  public Rule {
    matches = List.copyOf(matches);
    backends = List.copyOf(backends);
    mirrors = List.copyOf(mirrors);
  }

  /// A Service and one of its ports.
  ///
  /// @param port number of the Service's port; 0 for its first
  public record Backend(String namespace, String service, int port) {

    @Override
    public String toString() {
      return namespace + "/" + service + (port == 0 ? "" : ":" + port);
    }
  }

  /// A backend and its share.
  ///
  /// @param weight in proportion to the others; 0 for none
  /// @param responseHeaders set on what it answers
  public record Weighted(Backend backend, double weight, Map<String, String> responseHeaders) {

    public Weighted {
      if (!(weight >= 0)) {
        throw new IllegalArgumentException("weight is " + weight + "; it is not negative");
      }
      responseHeaders = Map.copyOf(responseHeaders);
    }
  }

  /// A backend that gets copies of requests, whose answers are thrown away.
  ///
  /// @param share of the requests, from 0 to 1
  public record Mirror(Backend backend, double share) {}

  /// Conditions that all must hold.
  public record Match(
      Text path,
      Optional<String> method,
      Map<String, Text> headers,
      Map<String, Text> query,
      Map<String, String> source)
      implements Predicate<Call> {

    /// Any request.
    public static final Match ANY =
        new Match(new Text.Prefix("/"), Optional.empty(), Map.of(), Map.of(), Map.of());

    public Match {
      headers = Map.copyOf(headers);
      query = Map.copyOf(query);
      source = Map.copyOf(source);
    }

    @Override
    public boolean test(Call call) {
      return path.matches(call.path())
          && method.map(m -> m.equals(call.method())).orElse(true)
          && headers.entrySet().stream()
              .allMatch(e -> call.header(e.getKey()).filter(e.getValue()::matches).isPresent())
          && query.entrySet().stream()
              .allMatch(
                  e ->
                      Optional.ofNullable(call.query().get(e.getKey()))
                          .filter(e.getValue()::matches)
                          .isPresent())
          && call.source().entrySet().containsAll(source.entrySet());
    }
  }

  /// A condition on a text.
  public sealed interface Text {

    boolean matches(String text);

    record Exact(String value) implements Text {
      @Override
      public boolean matches(String text) {
        return text.equals(value);
      }
    }

    /// A prefix of whole path elements: `/a` is one of `/a/b`, not of `/ab`.
    record PathPrefix(String value) implements Text {
      @Override
      public boolean matches(String text) {
        var prefix = value.endsWith("/") ? value : value + "/";
        return (text.endsWith("/") ? text : text + "/").startsWith(prefix);
      }
    }

    record Prefix(String value) implements Text {
      @Override
      public boolean matches(String text) {
        return text.startsWith(value);
      }
    }

    /// @param value must match the whole text
    record Regex(Pattern value) implements Text {
      @Override
      public boolean matches(String text) {
        return value.matcher(text).matches();
      }
    }

    /// The text is there, whatever it says.
    record Present() implements Text {
      @Override
      public boolean matches(String text) {
        return true;
      }
    }
  }
}
