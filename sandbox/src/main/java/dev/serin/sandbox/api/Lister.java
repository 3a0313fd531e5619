package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Writer.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// Serves lists, page by page; all pages of a list show the state of its first. Used under the
/// store's lock.
final class Lister {

  private static final String EXPIRED =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter, or use the continue token in this"
          + " response to retrieve the remainder of the results. Continuing with the provided token"
          + " results in an inconsistent list - objects that were created, modified, or deleted"
          + " between the time the first chunk was returned and now may show up in the list.";

  /// Where a page starts.
  ///
  /// @param revision state that the list shows
  /// @param after the last object of the former page
  private record Place(long revision, ObjectKey after) {}

  private final ApiStore store;

  Lister(ApiStore store) {
    this.store = store;
  }

  Page list(Target target, ListOptions options) {
    if (options.continueToken().isEmpty()) {
      var all = store.table(target.stored()).candidates(options.namespace(), options.labels());
      return page(target, options, all, store.log().revision());
    }
    var place = read(options.continueToken());
    if (place.revision() < store.log().resumableFrom()) {
      throw ApiException.expired(EXPIRED);
    }
    return page(target, options, since(target, options, place), place.revision());
  }

  /// The objects behind a place as they were at its revision.
  private Collection<ObjectNode> since(Target target, ListOptions options, Place place) {
    var state = new TreeMap<ObjectKey, ObjectNode>();
    var now =
        store.table(target.stored()).candidates(options.namespace(), LabelSelector.EVERYTHING);
    for (ObjectNode object : now) {
      state.put(ObjectKey.of(object), object);
    }
    for (long revision = store.log().revision(); revision > place.revision(); revision--) {
      var change = store.log().at(revision);
      if (change.kind().same(target.stored())
          && (options.namespace().isEmpty()
              || options.namespace().equals(change.key().namespace()))) {
        var before = change.before();
        if (before == null) {
          state.remove(change.key());
        } else {
          state.put(change.key(), before);
        }
      }
    }
    return state.tailMap(place.after(), false).values();
  }

  private Page page(
      Target target, ListOptions options, Collection<ObjectNode> candidates, long revision) {
    var items = new ArrayList<ObjectNode>();
    int looked = 0;
    for (ObjectNode object : candidates) {
      if (options.limit() > 0 && items.size() == options.limit()) {
        int remaining = unselective(options) ? candidates.size() - looked : 0;
        return new Page(items, Long.toString(revision), token(revision, items), remaining);
      }
      looked++;
      if (options.labels().test(object) && options.fields().test(object)) {
        items.add(target.stored().in(target.version(), object));
      }
    }
    return new Page(items, Long.toString(revision), "", 0);
  }

  private static boolean unselective(ListOptions options) {
    return options.labels().requirements().isEmpty() && options.fields().terms().isEmpty();
  }

  private static String token(long revision, List<ObjectNode> items) {
    var last = ObjectKey.of(items.getLast());
    var json =
        Json.object()
            .put("v", "meta.k8s.io/v1")
            .put("rv", revision)
            .put("start", last.namespace() + "/" + last.name());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
  }

  private static Place read(String token) {
    try {
      var json =
          Json.parse(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
      var start = Json.text(json, "start");
      int slash = start.indexOf('/');
      if (slash < 0) {
        throw badToken();
      }
      return new Place(
          json.path("rv").asLong(),
          new ObjectKey(start.substring(0, slash), start.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw badToken();
    }
  }

  private static ApiException badToken() {
    return ApiException.badRequest("continue key is not valid");
  }
}
