package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// The contents of ConfigMaps and Secrets. Watches tell only their metadata, since most of them are
/// no business of ours; the content is read when somebody asks for an object that changed.
final class Payloads {

  /// Least recently used contents are dropped beyond this many characters of JSON.
  private static final long BUDGET = 32 << 20;

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private record Entry(ObjectNode object, int size) {}

  private final Transport transport;
  private final Map<ObjectRef, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long size;

  Payloads(Transport transport) {
    this.transport = transport;
  }

  /// The whole object, from memory when it is at least as new as its metadata.
  Read read(ObjectRef ref, ObjectNode metadata) {
    synchronized (entries) {
      var entry = entries.get(ref);
      if (entry != null
          && Json.uid(entry.object()).equals(Json.uid(metadata))
          && Json.version(entry.object()) >= Json.version(metadata)) {
        return new Read.Found(entry.object());
      }
    }
    try {
      var reply = transport.send(Call.get(Paths.of(ref), DEADLINE));
      if (reply.ok() && reply.body() instanceof ObjectNode object) {
        keep(ref, Json.prune(object));
        return new Read.Found(object);
      }
      return reply.code() == 404
          ? new Read.Absent()
          : new Read.Unknown(ref + ": the API server answers " + reply.message());
    } catch (IOException e) {
      return new Read.Unknown(ref + ": the API server does not answer: " + e.getMessage());
    }
  }

  private void keep(ObjectRef ref, ObjectNode object) {
    var entry = new Entry(object, Json.text(object).length());
    synchronized (entries) {
      remove(ref);
      entries.put(ref, entry);
      size += entry.size();
      var oldest = entries.entrySet().iterator();
      while (size > BUDGET && entries.size() > 1) {
        size -= oldest.next().getValue().size();
        oldest.remove();
      }
    }
  }

  void forget(ObjectRef ref) {
    synchronized (entries) {
      remove(ref);
    }
  }

  private void remove(ObjectRef ref) {
    var former = entries.remove(ref);
    if (former != null) {
      size -= former.size();
    }
  }
}
