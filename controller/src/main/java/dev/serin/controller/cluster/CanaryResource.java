package dev.serin.controller.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// That a Canary exists. The event loop needs no more of it, and what is not read cannot fail to be
/// understood.
@Group("serin.dev")
@Version("v1beta1")
@Kind("Canary")
@Plural("canaries")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class CanaryResource implements HasMetadata, Namespaced {

  private ObjectMeta metadata = new ObjectMeta();

  /// For the deserialiser.
  public CanaryResource() {}

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    var kept = new ObjectMeta();
    kept.setNamespace(metadata.getNamespace());
    kept.setName(metadata.getName());
    kept.setUid(metadata.getUid());
    kept.setResourceVersion(metadata.getResourceVersion());
    kept.setGeneration(metadata.getGeneration());
    kept.setDeletionTimestamp(metadata.getDeletionTimestamp());
    this.metadata = kept;
  }

  /// Never, as far as the event loop is concerned: it would look away from a Canary that is being
  /// deleted unless it kept a finalizer of its own, and letting go of a target takes many looks.
  @Override
  public boolean isMarkedForDeletion() {
    return false;
  }

  @Override
  public void setApiVersion(String version) {
    // Known from the annotations; a metadata-only answer carries that of its envelope.
  }

  /// For the deserialiser; known from the annotations.
  public void setKind(String kind) {}
}
