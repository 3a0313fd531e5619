package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Some of the objects that a list selects.
///
/// @param items in order; shared values, never to be changed
/// @param resourceVersion state of the server that the whole list shows; a watch can go on from it
/// @param continueToken where the next page starts; "" after the last
/// @param remaining how many objects the next pages hold; only counted without selectors
public record Page(
    List<ObjectNode> items, String resourceVersion, String continueToken, int remaining) {

  public Page {
    items = List.copyOf(items);
  }
}
