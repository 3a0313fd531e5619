package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Looks at every write before it is stored; may change or refuse it.
public interface Admission {

  /// What is done.
  enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }

  /// A write on its way.
  ///
  /// @param operation what is done
  /// @param ref where; the name is final
  /// @param subresource which part of the object
  /// @param caller who does it
  /// @param object the object as it shall be stored; for a deletion the object that goes. Not to be
  ///   changed.
  /// @param old the object as it is stored; empty for a creation. Not to be changed.
  /// @param authorizer answers what the caller may do
  record Request(
      Operation operation,
      dev.serin.cluster.ObjectRef ref,
      Subresource subresource,
      Caller caller,
      ObjectNode object,
      Optional<ObjectNode> old,
      Authorizer authorizer) {}

  /// Changes the object before it is validated.
  ///
  /// @return the object to go on with: the request's own, or a changed copy
  default ObjectNode mutate(Request request) {
    return request.object();
  }

  /// Looks at the final object.
  ///
  /// @return why it is forbidden; empty admits it
  default Optional<String> refuse(Request request) {
    return Optional.empty();
  }
}
