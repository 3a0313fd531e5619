package dev.serin.sandbox.api;

import dev.serin.cluster.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Serves watches over HTTP: one JSON event per line until the client goes or the time is over.
final class WatchStreams {

  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration LAST_BOOKMARK = Duration.ofSeconds(2);
  private static final int BATCH = 256;
  private static final String START_REPORTED = "k8s.io/initial-events-end";

  /// How a client wants to be told.
  ///
  /// @param timeoutSeconds when the watch shall end
  /// @param bookmarks whether it likes bookmarks
  /// @param marksStart whether a bookmark shall say when the present objects have been reported
  record Wish(Optional<Long> timeoutSeconds, boolean bookmarks, boolean marksStart) {}

  private final Duration bookmarkInterval;
  private volatile int generation;
  private volatile boolean closed;

  WatchStreams(Duration bookmarkInterval) {
    this.bookmarkInterval = bookmarkInterval;
  }

  /// Ends all running watches. The store must be woken up afterwards.
  synchronized void drop() {
    generation++;
  }

  void close() {
    closed = true;
    drop();
  }

  void serve(
      ApiClient api,
      Kind kind,
      WatchOptions options,
      Wish wish,
      Rendering rendering,
      Exchange exchange)
      throws IOException {
    int born = generation;
    var cursor = api.openWatch(kind, options);
    var out = exchange.stream();
    out.flush();
    long start = System.nanoTime();
    var longest = wish.timeoutSeconds().map(Duration::ofSeconds).orElse(LONGEST);
    long end = start + longest.toNanos();
    long nextBookmark = start + firstBookmark(longest);
    boolean startMarked = !wish.marksStart();
    while (!closed && born == generation) {
      var batch = next(api.store(), cursor, Math.min(end, nextBookmark));
      for (WatchEvent event : batch) {
        write(out, rendering.event(event));
      }
      if (!batch.isEmpty() && batch.getLast().type() == WatchEvent.Type.ERROR) {
        out.flush();
        break;
      }
      if (!startMarked && cursor.startReported() && batch.size() < BATCH) {
        startMarked = true;
        write(out, rendering.event(startBookmark(cursor)));
      }
      long now = System.nanoTime();
      if (now - end >= 0) {
        break;
      }
      if (now - nextBookmark >= 0) {
        nextBookmark = now + bookmarkInterval.toNanos();
        if (wish.bookmarks()) {
          write(out, rendering.event(cursor.bookmark()));
        }
      }
      out.flush();
    }
    if (born != generation) {
      exchange.cut();
    }
  }

  /// A watch that ends soon gets its bookmark shortly before.
  private long firstBookmark(Duration longest) {
    var early = longest.minus(LAST_BOOKMARK);
    return (early.compareTo(bookmarkInterval) < 0 ? early : bookmarkInterval).toNanos();
  }

  private static WatchEvent startBookmark(WatchCursor cursor) {
    var bookmark = cursor.bookmark();
    Json.child(Meta.of(bookmark.object()), "annotations").put(START_REPORTED, "true");
    return bookmark;
  }

  private List<WatchEvent> next(ApiStore store, WatchCursor cursor, long until) {
    var batch = new ArrayList<WatchEvent>();
    store.lock().lock();
    try {
      collect(cursor, batch);
      if (batch.isEmpty()) {
        store.awaitGrowth(cursor.reached(), Duration.ofNanos(until - System.nanoTime()));
        collect(cursor, batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    } finally {
      store.lock().unlock();
    }
    return batch;
  }

  private static void collect(WatchCursor cursor, List<WatchEvent> batch) {
    while (batch.size() < BATCH) {
      var event = cursor.poll();
      if (event.isEmpty()) {
        return;
      }
      batch.add(event.get());
      if (event.get().type() == WatchEvent.Type.ERROR) {
        return;
      }
    }
  }

  private static void write(OutputStream out, WatchEvent event) throws IOException {
    var line = Json.object().put("type", event.type().name());
    line.set("object", event.object());
    out.write(Json.bytes(line));
    out.write('\n');
  }
}
