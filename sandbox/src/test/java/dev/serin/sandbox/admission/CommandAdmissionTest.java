package dev.serin.sandbox.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.ApiException;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandAdmissionTest {

  private static final String SERIN = "system:serviceaccount:serin:serin";

  private final ApiStore store =
      new ApiStore(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), 1);

  @BeforeEach
  void define() {
    store.admit(new CommandAdmission(SERIN));
    var admin = store.as(Caller.admin());
    admin.create(object(DEFINITION));
    admin.create(object(ROLE));
    for (String user : new String[] {"dev", SERIN}) {
      admin.create(binding(user));
    }
  }

  private static final String DEFINITION =
      """
      {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
       "metadata": {"name": "canarycommands.serin.dev"},
       "spec": {"group": "serin.dev", "scope": "Namespaced",
         "names": {"kind": "CanaryCommand", "plural": "canarycommands"},
         "versions": [{"name": "v1beta1", "served": true, "storage": true, "schema": {"openAPIV3Schema":
           {"type": "object", "properties": {"spec": {"type": "object",
             "x-kubernetes-preserve-unknown-fields": true}}}}}]}}
      """;

  private static final String ROLE =
      """
      {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "approver"},
       "rules": [
         {"apiGroups": ["serin.dev"], "resources": ["canarycommands"], "verbs": ["create"]},
         {"apiGroups": ["serin.dev"], "resources": ["canaries"], "verbs": ["approve"]}]}
      """;

  private static ObjectNode binding(String user) {
    return object(
        """
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "%s"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "approver"},
         "subjects": [{"kind": "User", "name": "%s"}]}
        """
            .formatted(user.replace(':', '.'), user));
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) Json.parse(json);
  }

  private ObjectNode command(Caller caller, String spec) {
    return store
        .as(caller)
        .create(
            object(
                """
                {"apiVersion": "serin.dev/v1beta1", "kind": "CanaryCommand",
                 "metadata": {"generateName": "c-", "namespace": "default"}, "spec": %s}
                """
                    .formatted(spec)));
  }

  @Test
  void whoCommandsIsFilledIn() {
    var made = command(Caller.user("dev"), "{\"canary\": \"web\", \"command\": \"approve\"}");
    assertThat(Json.text(made, "spec", "by")).isEqualTo("dev");
  }

  @Test
  void nobodySpeaksForAnother() {
    assertThatThrownBy(
            () ->
                command(
                    Caller.user("dev"),
                    "{\"canary\": \"web\", \"command\": \"approve\", \"by\": \"boss\"}"))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(
            "spec.by is \"boss\"; nobody speaks for another, so leave it out or say \"dev\"");
  }

  @Test
  void aCommandTakesItsVerb() {
    assertThatThrownBy(
            () -> command(Caller.user("dev"), "{\"canary\": \"web\", \"command\": \"abort\"}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
        .hasMessageContaining("dev may not abort canaries in default");
  }

  @Test
  void serinSpeaksForPeopleInSlack() {
    var serin = Caller.serviceAccount("serin", "serin");
    var made =
        command(serin, "{\"canary\": \"web\", \"command\": \"promote\", \"by\": \"slack:U123\"}");
    assertThat(Json.text(made, "spec", "by")).isEqualTo("slack:U123");
    assertThatThrownBy(
            () ->
                command(serin, "{\"canary\": \"web\", \"command\": \"promote\", \"by\": \"dev\"}"))
        .hasMessageContaining("nobody speaks for another");
  }
}
