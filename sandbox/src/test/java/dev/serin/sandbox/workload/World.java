package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One namespace of a cluster, the sandbox's or a real one.
public interface World extends AutoCloseable {

  String namespace();

  ObjectNode create(ObjectNode object);

  /// Reads an object, changes it and writes it back.
  void edit(Kind kind, String name, Consumer<ObjectNode> change);

  Optional<ObjectNode> find(Kind kind, String name);

  List<ObjectNode> list(Kind kind);

  void delete(Kind kind, String name);

  /// Waits for something that must come true.
  void await(String what, BooleanSupplier condition);

  /// Lets time pass in which something must not happen.
  void idle(Duration time);

  @Override
  void close();
}
