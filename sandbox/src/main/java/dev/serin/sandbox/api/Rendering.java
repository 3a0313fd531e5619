package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// In which form a client wants objects.
sealed interface Rendering {

  /// Reads an `Accept` header; what is not known is served whole.
  static Rendering of(String accept, StoredKind.Version version, ApiStore store) {
    for (String option : accept.split(",")) {
      if (option.contains("as=Table")) {
        return new AsTable(new Tables(version, store.now()));
      }
      if (option.contains("as=PartialObjectMetadata")) {
        return new MetadataOnly();
      }
      if (option.strip().startsWith("application/json") && !option.contains("as=")) {
        break;
      }
    }
    return new Whole(version);
  }

  ObjectNode one(ObjectNode object);

  ObjectNode list(Page page);

  default WatchEvent event(WatchEvent event) {
    return switch (event.type()) {
      case ERROR, BOOKMARK -> event;
      default -> new WatchEvent(event.type(), one(event.object()));
    };
  }

  private static ObjectNode envelope(String kind, String apiVersion, Page page) {
    var list = Json.object().put("kind", kind).put("apiVersion", apiVersion);
    var metadata = list.putObject("metadata").put("resourceVersion", page.resourceVersion());
    if (!page.continueToken().isEmpty()) {
      metadata.put("continue", page.continueToken());
      if (page.remaining() > 0) {
        metadata.put("remainingItemCount", page.remaining());
      }
    }
    return list;
  }

  /// Objects as they are.
  record Whole(StoredKind.Version version) implements Rendering {

    @Override
    public ObjectNode one(ObjectNode object) {
      return object;
    }

    @Override
    public ObjectNode list(Page page) {
      var kind = version.kind();
      var list = envelope(kind.kind() + "List", kind.apiVersion(), page);
      var items = list.putArray("items");
      page.items().forEach(items::add);
      return list;
    }
  }

  /// Only `metadata`.
  record MetadataOnly() implements Rendering {

    private static final String API_VERSION = "meta.k8s.io/v1";

    @Override
    public ObjectNode one(ObjectNode object) {
      var partial =
          Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", API_VERSION);
      partial.set("metadata", object.path("metadata"));
      return partial;
    }

    @Override
    public ObjectNode list(Page page) {
      var list = envelope("PartialObjectMetadataList", API_VERSION, page);
      var items = list.putArray("items");
      page.items().forEach(item -> items.add(one(item)));
      return list;
    }
  }

  /// Rows and columns, as kubectl prints them.
  record AsTable(Tables tables) implements Rendering {

    @Override
    public ObjectNode one(ObjectNode object) {
      return tables.table(List.of(object), Json.object());
    }

    @Override
    public ObjectNode list(Page page) {
      var metadata = envelope("", "", page).path("metadata");
      return tables.table(page.items(), (ObjectNode) metadata);
    }
  }
}
