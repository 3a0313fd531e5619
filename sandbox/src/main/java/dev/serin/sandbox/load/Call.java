package dev.serin.sandbox.load;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A request, as far as routes look at it.
///
/// @param entrance where it meets the first proxy
/// @param host whom the caller dials: a host name, or `service.namespace` inside of the mesh;
///   without a port
/// @param method such as `GET`
/// @param path with a leading slash, without the query
/// @param headers by name in lower case
/// @param query decoded parameters
/// @param source labels of the calling workload; empty outside of the mesh
public record Call(
    Entrance entrance,
    String host,
    String method,
    String path,
    Map<String, String> headers,
    Map<String, String> query,
    Map<String, String> source) {

  public Call {
    var lower = new TreeMap<String, String>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Map.copyOf(lower);
    query = Map.copyOf(query);
    source = Map.copyOf(source);
    int colon = host.indexOf(':');
    host = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  /// Where requests meet the first proxy; other routes count at each.
  public enum Entrance {
    /// From outside, at a Gateway.
    GATEWAY,
    /// From a workload of the mesh, at its own proxy.
    MESH
  }

  /// A plain GET of `/` from outside.
  ///
  /// @param host such as `shop.example.com`
  public static Call atGateway(String host) {
    return new Call(Entrance.GATEWAY, host, "GET", "/", Map.of(), Map.of(), Map.of());
  }

  /// A plain GET of `/` from inside of the mesh.
  ///
  /// @param host such as `web.shop`
  public static Call inMesh(String host) {
    return new Call(Entrance.MESH, host, "GET", "/", Map.of(), Map.of(), Map.of());
  }

  /// The same with one more header.
  public Call withHeader(String name, String value) {
    var all = new TreeMap<>(headers);
    all.put(name.toLowerCase(Locale.ROOT), value);
    return new Call(entrance, host, method, path, all, query, source);
  }

  /// The same with one more query parameter.
  public Call withQuery(String name, String value) {
    var all = new TreeMap<>(query);
    all.put(name, value);
    return new Call(entrance, host, method, path, headers, all, source);
  }

  /// The same from a workload with one more label.
  public Call withSource(String label, String value) {
    var all = new TreeMap<>(source);
    all.put(label, value);
    return new Call(entrance, host, method, path, headers, query, all);
  }

  /// The value of a header, whatever the case of its name.
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
