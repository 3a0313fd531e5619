package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.resource.CanaryCommandStatus;
import dev.serin.resource.CanaryStatus.CommandStatus;
import dev.serin.resource.ResourceJson;
import dev.serin.rollout.Command;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The commands for one Canary. An answer is stored with the Canary's state, in one write, before
/// it is told on the command: so a command acts once, however often it is seen.
///
/// @param objects the CanaryCommands, oldest first
/// @param remembered those that were answered, as the Canary's status has them
record Commands(List<ObjectNode> objects, List<CommandStatus> remembered) {
  /// How long an answered command is kept.
  static final Duration KEPT = Duration.ofDays(1);

  private static final String ACCEPTED = "Accepted";
  private static final String REFUSED = "Refused";

  static Commands of(
      Cluster cluster, String namespace, String canary, List<CommandStatus> remembered) {
    var objects =
        cluster.list(Kind.CANARY_COMMAND, namespace, Map.of()).stream()
            .filter(object -> Fields.text(object, "spec", "canary").equals(canary))
            .filter(object -> !Fields.isDeleting(object))
            .sorted(
                Comparator.<ObjectNode, String>comparing(
                        object -> Fields.text(object, "metadata", "creationTimestamp"))
                    .thenComparing(Fields::name))
            .toList();
    return new Commands(objects, remembered);
  }

  Set<String> names() {
    return objects.stream().map(Fields::name).collect(Collectors.toUnmodifiableSet());
  }

  /// A command that nobody has answered.
  ///
  /// @param command what is asked; empty when it is not understood
  /// @param object the CanaryCommand
  record Pending(Optional<Command> command, ObjectNode object) {}

  /// The oldest command that nobody has answered.
  Optional<Pending> oldest() {
    return objects.stream()
        .filter(object -> !isAnswered(object) && answer(object).isEmpty())
        .findFirst()
        .map(object -> new Pending(command(object), object));
  }

  private static boolean isAnswered(JsonNode object) {
    return !Fields.text(object, "status", "answer").isEmpty();
  }

  private Optional<CommandStatus> answer(JsonNode object) {
    var name = Fields.name(object);
    var revision = Fields.text(object, "spec", "revision");
    return remembered.stream()
        .filter(answered -> name.equals(answered.name()))
        .filter(answered -> revision.equals(Objects.requireNonNullElse(answered.revision(), "")))
        .findFirst();
  }

  private static Optional<Command> command(JsonNode object) {
    var spec = Fields.at(object, "spec");
    var gate = Fields.text(spec, "gate");
    return verb(Fields.text(spec, "command"))
        .map(
            verb ->
                new Command(
                    Fields.name(object),
                    verb,
                    Fields.text(spec, "revision"),
                    gate.isEmpty() ? Optional.empty() : Optional.of(gate),
                    Fields.text(spec, "by"),
                    Fields.text(spec, "reason")));
  }

  private static Optional<Command.Verb> verb(String word) {
    return Arrays.stream(Command.Verb.values())
        .filter(verb -> verb.word().equals(word))
        .findFirst();
  }

  /// Why a command that is not understood is refused.
  static String notUnderstood(JsonNode object) {
    return "spec.command is '%s'; known are %s"
        .formatted(
            Fields.text(object, "spec", "command"),
            Arrays.stream(Command.Verb.values()).map(Command.Verb::word).toList());
  }

  /// What the Canary has to remember of an answer.
  static CommandStatus remember(JsonNode object, Command.Answer answer, Instant now) {
    return new CommandStatus(
        Fields.name(object),
        Fields.text(object, "spec", "revision"),
        Fields.text(object, "spec", "command"),
        Fields.text(object, "spec", "by"),
        answer.accepted() ? ACCEPTED : REFUSED,
        answer.message(),
        now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /// The changes that tell answers which the Canary remembers and the command does not have yet:
  /// after a decision, after a crash in between, and when a command comes back.
  ///
  /// @param fresh names of commands that were answered just now
  List<Change> tell(List<String> fresh, Instant now) {
    return objects.stream()
        .filter(object -> !isAnswered(object))
        .flatMap(
            object ->
                answer(object).stream()
                    .map(answer -> tell(object, answer, fresh.contains(Fields.name(object)), now)))
        .toList();
  }

  private static Change tell(
      ObjectNode object, CommandStatus answered, boolean fresh, Instant now) {
    var message = Objects.requireNonNullElse(answered.message(), "");
    var status =
        new CanaryCommandStatus(
            answered.answer(),
            fresh ? message : "already done: " + message,
            now.truncatedTo(ChronoUnit.SECONDS).toString());
    ObjectNode copy = object.deepCopy();
    copy.set("status", ResourceJson.write(status));
    var ref = Kind.CANARY_COMMAND.named(Fields.namespace(object), Fields.name(object));
    return new Change.Status(ref, copy);
  }

  /// The changes that delete what was answered long ago.
  List<Change> collect(Instant now) {
    return objects.stream()
        .filter(object -> answeredAt(object).filter(at -> !now.isBefore(at.plus(KEPT))).isPresent())
        .map(Commands::delete)
        .toList();
  }

  /// The changes that refuse those without an answer, where nobody decides on them.
  List<Change> refuse(String why, Instant now) {
    var refused =
        objects.stream()
            .filter(object -> !isAnswered(object) && answer(object).isEmpty())
            .map(
                object ->
                    remember(object, new Command.Answer(Fields.name(object), false, why), now))
            .toList();
    var all = Stream.concat(remembered.stream(), refused.stream()).toList();
    return new Commands(objects, all).tell(refused.stream().map(CommandStatus::name).toList(), now);
  }

  /// The changes that delete all of them: nobody answers for a Canary that is gone.
  List<Change> discard() {
    return objects.stream().map(Commands::delete).toList();
  }

  private static Change delete(ObjectNode object) {
    return new Change.Delete(
        Kind.CANARY_COMMAND.named(Fields.namespace(object), Fields.name(object)),
        Fields.uid(object));
  }

  /// When the next answered command has been kept long enough.
  Optional<Instant> collects() {
    return objects.stream()
        .flatMap(object -> answeredAt(object).stream())
        .min(Comparator.naturalOrder())
        .map(at -> at.plus(KEPT));
  }

  private static Optional<Instant> answeredAt(JsonNode object) {
    return isAnswered(object) ? Fields.instant(object, "status", "answeredAt") : Optional.empty();
  }
}
