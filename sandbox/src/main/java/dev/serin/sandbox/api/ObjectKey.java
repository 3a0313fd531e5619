package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;

/// Where an object of a kind lives.
///
/// @param namespace "" for objects outside of namespaces
/// @param name name of the object
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

  public static ObjectKey of(JsonNode object) {
    return new ObjectKey(Meta.namespace(object), Meta.name(object));
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
