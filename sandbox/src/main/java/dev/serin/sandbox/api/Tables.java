package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.StoredKind.PrinterColumn;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/// Objects as `meta.k8s.io/v1` `Table`s, with the columns that their definition or this class gives
/// them.
final class Tables {

  private static final PrinterColumn AGE =
      new PrinterColumn("Age", "date", ".metadata.creationTimestamp", false);

  private final List<PrinterColumn> columns;
  private final Instant now;

  Tables(StoredKind.Version version, Instant now) {
    this.now = now;
    columns = version.custom() ? custom(version) : builtIn(version.kind().kind());
  }

  private static List<PrinterColumn> custom(StoredKind.Version version) {
    return version.columns().isEmpty() ? List.of(AGE) : version.columns();
  }

  private static List<PrinterColumn> builtIn(String kind) {
    return switch (kind) {
      case "Deployment" ->
          List.of(
              column("Ready", ".status.readyReplicas"),
              column("Desired", ".spec.replicas"),
              column("Up-to-date", ".status.updatedReplicas"),
              column("Available", ".status.availableReplicas"),
              AGE);
      case "ReplicaSet" ->
          List.of(
              column("Desired", ".spec.replicas"),
              column("Current", ".status.replicas"),
              column("Ready", ".status.readyReplicas"),
              AGE);
      case "Pod" ->
          List.of(
              column("Status", ".status.phase"),
              new PrinterColumn("IP", "string", ".status.podIP", true),
              AGE);
      case "Service" ->
          List.of(
              column("Type", ".spec.type"),
              column("Cluster-IP", ".spec.clusterIP"),
              column("Port", ".spec.ports[0].port"),
              AGE);
      case "Namespace" -> List.of(column("Status", ".status.phase"), AGE);
      default -> List.of(AGE);
    };
  }

  private static PrinterColumn column(String name, String path) {
    return new PrinterColumn(name, "string", path, false);
  }

  ObjectNode table(List<ObjectNode> objects, ObjectNode metadata) {
    var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    var definitions = table.putArray("columnDefinitions");
    define(definitions, "Name", "string", "name", false);
    for (PrinterColumn column : columns) {
      define(definitions, column.name(), column.type(), "", column.wide());
    }
    var rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      var row = rows.addObject();
      var cells = row.putArray("cells").add(Meta.name(object));
      columns.forEach(column -> cells.add(cell(column, object)));
      row.set("object", new Rendering.MetadataOnly().one(object));
    }
    return table;
  }

  private static void define(
      ArrayNode definitions, String name, String type, String format, boolean wide) {
    definitions
        .addObject()
        .put("name", name)
        .put("type", type.equals("date") ? "string" : type)
        .put("format", format)
        .put("description", "")
        .put("priority", wide ? 1 : 0);
  }

  private JsonNode cell(PrinterColumn column, ObjectNode object) {
    var value = JsonPath.find(object, column.path());
    if (column.type().equals("date")) {
      return Json.array().textNode(age(value.asText()));
    }
    if (value.isMissingNode() || value.isNull()) {
      return Json.array().textNode(column.path().endsWith("eplicas") ? "0" : "");
    }
    return value.isContainerNode() ? Json.array().textNode(Json.write(value)) : value;
  }

  private String age(String time) {
    try {
      var age = Duration.between(Instant.parse(time), now);
      if (age.toHours() >= 48) {
        return age.toDays() + "d";
      }
      if (age.toMinutes() >= 120) {
        return age.toHours() + "h";
      }
      return age.toSeconds() >= 120 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }
}
