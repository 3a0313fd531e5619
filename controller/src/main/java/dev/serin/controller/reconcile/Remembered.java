package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serin.rollout.TrafficSplit;
import java.time.Instant;
import java.util.Optional;

/// What the process remembers of one Canary between two looks. All of it may be forgotten at any
/// time: then something is asked, written or waited for once more. Its instants are those of the
/// steady clock.
final class Remembered {
  /// The status as it was sent last; the server may have stored it otherwise.
  JsonNode sent = MissingNode.getInstance();

  /// When the status was sent last.
  Instant sentAt = Instant.MIN;

  /// Since when something is worth seeing that the status does not say yet.
  Optional<Instant> newsSince = Optional.empty();

  /// What the Canary was parsed to.
  final ParseCache present = new ParseCache();

  /// What the record of its rollout was parsed to.
  final ParseCache frozen = new ParseCache();

  /// The split that was seen accepted last.
  Optional<TrafficSplit> accepted = Optional.empty();

  /// Since when it was seen accepted.
  Instant acceptedSince = Instant.MIN;

  /// Since when the target that rolls was seen steady; empty while it is not.
  Optional<Instant> steadySince = Optional.empty();

  /// The pods that were listed as the canary's, where somebody else runs them.
  Optional<ListedCanary.Known> listed = Optional.empty();

  /// When instants of its state were first seen.
  final Sightings sightings = new Sightings();

  /// Whether the route was looked at before.
  boolean routeSeen;

  /// The generation of the Canary for which nothing is left over of former ones; -1 for none.
  long tidied = -1;

  /// What went wrong when the wanted world was made last; empty when nothing did.
  String trouble = "";

  /// Since when something that has to be known cannot be read; empty while everything can.
  Optional<Instant> unreadableSince = Optional.empty();

  /// What was logged last of what the status cannot say.
  String warned = "";

  /// How often in a row something went wrong.
  int failures;
}
