package dev.serin.sandbox.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.workload.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A namespace of the real control plane, where [PodRunner] plays the nodes.
final class RealWorld implements World {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int CONFLICT = 409;

  private final Stage stage = Stage.open("contract");

  @Override
  public String namespace() {
    return stage.namespace;
  }

  @Override
  public ObjectNode create(ObjectNode object) {
    return (ObjectNode) stage.cluster.create(object.toString()).orFail().body();
  }

  @Override
  public void edit(Kind kind, String name, Consumer<ObjectNode> change) {
    stage.cluster.await(
        "nobody writes " + name + " at the same time", PATIENCE, () -> edited(kind, name, change));
  }

  private boolean edited(Kind kind, String name, Consumer<ObjectNode> change) {
    var object = (ObjectNode) stage.cluster.get(path(kind, name));
    change.accept(object);
    var answer = stage.cluster.call("PUT", path(kind, name), "application/json", object.toString());
    return answer.code() != CONFLICT && answer.orFail().isFine();
  }

  @Override
  public Optional<ObjectNode> find(Kind kind, String name) {
    return stage.cluster.find(path(kind, name)).map(ObjectNode.class::cast);
  }

  @Override
  public List<ObjectNode> list(Kind kind) {
    var objects = new ArrayList<ObjectNode>();
    for (JsonNode item : stage.cluster.get(path(kind)).path("items")) {
      objects.add((ObjectNode) item);
    }
    return objects;
  }

  @Override
  public void delete(Kind kind, String name) {
    stage.cluster.delete(path(kind, name));
  }

  private String path(Kind kind) {
    return (kind.group().isEmpty() ? "/api/" : "/apis/")
        + kind.apiVersion()
        + "/namespaces/"
        + namespace()
        + "/"
        + kind.plural();
  }

  private String path(Kind kind, String name) {
    return path(kind) + "/" + name;
  }

  @Override
  public void await(String what, BooleanSupplier condition) {
    stage.cluster.await(what, PATIENCE, condition);
  }

  @Override
  public void idle(Duration time) {
    Stage.pause(time);
  }

  @Override
  public void close() {
    stage.cluster.delete(path(Kind.DEPLOYMENT));
    stage.cluster.delete(path(Kind.REPLICA_SET));
  }
}
