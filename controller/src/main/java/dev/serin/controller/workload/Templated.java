package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.revision.Revision;
import java.util.Optional;

/// Which templates belong to which revisions, as far as target, history and rollout record tell.
final class Templated {
  private final Subject subject;
  private final Surroundings around;
  private final Optional<RolloutRecord> record;
  private final Optional<RolloutRecord> baseline;
  private final String revision;

  Templated(Subject subject, Surroundings around) {
    this.subject = subject;
    this.around = around;
    this.record = ofTarget(around.record());
    this.baseline = ofTarget(around.baseline());
    this.revision = computed();
  }

  /// A record of another object of the same name says nothing.
  private Optional<RolloutRecord> ofTarget(Optional<ObjectNode> record) {
    var uid = around.target().found().map(Fields::uid);
    return record
        .flatMap(RolloutRecord::read)
        .filter(found -> uid.filter(found.targetUid()::equals).isPresent());
  }

  /// The revision of what the target carries now; empty text when there is no target.
  String revision() {
    return revision;
  }

  private String computed() {
    return around
        .target()
        .found()
        .map(
            target ->
                wentBack(target)
                    .orElseGet(
                        () ->
                            Revision.id(
                                Fields.at(target, "spec", "template"),
                                around.configs().checksums())))
        .orElse("");
  }

  /// A target that went back from a revision with another configuration carries the stable template
  /// again, while its configuration is still that of the rejected revision: nobody but its owner
  /// can take that back. It counts as stable until the configuration changes once more.
  private Optional<String> wentBack(ObjectNode target) {
    return subject.at() != Subject.Standing.WENT_BACK
        ? Optional.empty()
        : record
            .filter(found -> found.config().equals(around.configs().digest()))
            .filter(
                found ->
                    Templates.asDeclared(Fields.at(target, "spec", "template"))
                        .equals(found.stableTemplate()))
            .map(RolloutRecord::stable);
  }

  /// The template of a revision, as a target that runs it carries it; empty when it is not known
  /// any more.
  Optional<JsonNode> of(String revision) {
    return recorded(revision).or(() -> carried(revision)).or(() -> live(revision));
  }

  /// The template of a revision, as a record remembers it.
  Optional<JsonNode> recorded(String revision) {
    return record
        .flatMap(found -> found.templateOf(revision))
        .or(() -> baseline.flatMap(found -> found.templateOf(revision)));
  }

  private Optional<JsonNode> carried(String revision) {
    return around
        .target()
        .found()
        .filter(_ -> revision().equals(revision))
        .map(target -> Templates.asDeclared(Fields.at(target, "spec", "template")));
  }

  /// Before the first rollout the live pods run the revision that was adopted.
  private Optional<JsonNode> live(String revision) {
    return subject.stable().filter(revision::equals).isPresent()
        ? around.live().map(found -> Templates.asDeclared(Fields.at(found, "spec", "template")))
        : Optional.empty();
  }

  /// What the target carries now, with the mark of its configuration, as it is released.
  ObjectNode released() {
    var template =
        Templates.asDeclared(Fields.at(around.target().found().orElseThrow(), "spec", "template"));
    var digest = around.configs().digest();
    if (!digest.isEmpty()) {
      template.withObject("/metadata/annotations").put(Marks.CONFIG, digest);
    }
    return template;
  }

  /// The mark of its configuration that the target must have so that no pod is replaced while its
  /// template stays as it is; empty for none.
  String mark() {
    var target = around.target().found().map(found -> Fields.at(found, "spec", "template"));
    if (target.isEmpty()) {
      return "";
    }
    return around
        .live()
        .map(found -> Fields.at(found, "spec", "template"))
        .or(() -> subject.stable().flatMap(this::recorded))
        .filter(template -> Revision.sameTemplate(template, target.get()))
        .map(Templates::config)
        .orElseGet(() -> Templates.config(target.get()));
  }

  /// Checksum of the configuration that the target uses now; empty for none.
  String digest() {
    return around.configs().digest();
  }
}
