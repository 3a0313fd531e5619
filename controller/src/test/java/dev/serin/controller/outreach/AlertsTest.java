package dev.serin.controller.outreach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.alert.Severity;
import dev.serin.rollout.Announcement.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlertsTest {
  private static final String HOOK =
      "webhooks: [{name: may-i, type: confirm-rollout, url: \"http://x/\"}]";
  private static final String MUTED = HOOK.replace("}]", ", muteAlert: true}]");
  private static final String APPROVAL = "approvals: [{name: lead, before: rollout}]";

  private static Optional<Severity> severity(Kind kind) {
    return Alerts.severity(Occasions.of(kind));
  }

  @Test
  void endsOfRolloutsAreAlertsByHowBadTheyAre() {
    assertThat(severity(Kind.Promoted)).contains(Severity.INFO);
    assertThat(severity(Kind.CheckFailed)).contains(Severity.WARN);
    assertThat(severity(Kind.RolledBack)).contains(Severity.ERROR);
    assertThat(severity(Kind.PromotionFailed)).contains(Severity.ERROR);
  }

  @Test
  void stepsOfARolloutAreNone() {
    assertThat(severity(Kind.StepStarted)).isEmpty();
    assertThat(severity(Kind.GatePassed)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everythingThatIsMoreThanNormalIsAnAlert(Kind kind) {
    switch (kind.weight()) {
      case NORMAL -> assertThat(severity(kind)).isNotEqualTo(Optional.of(Severity.ERROR));
      case WARNING -> assertThat(severity(kind)).contains(Severity.WARN);
      case ERROR -> assertThat(severity(kind)).contains(Severity.ERROR);
    }
  }

  @Test
  void peopleAreToldThatTheyAreWaitedFor() {
    var waits = Occasions.of(Kind.RolloutWaiting, APPROVAL, Occasions.waiting(), Optional.empty());
    assertThat(Alerts.severity(waits)).contains(Severity.WARN);
  }

  @Test
  void systemThatAnswersAtOnceAlertsNobody() {
    var waits = Occasions.of(Kind.RolloutWaiting, HOOK, Occasions.waiting(), Optional.empty());
    assertThat(Alerts.severity(waits)).isEmpty();
  }

  @Test
  void systemThatSaysNoIsAnAlertUnlessItIsMuted() {
    var loud = Occasions.of(Kind.GateClosed, HOOK, Occasions.waiting(), Optional.of("may-i"));
    var muted = Occasions.of(Kind.GateClosed, MUTED, Occasions.waiting(), Optional.of("may-i"));
    assertThat(Alerts.severity(loud)).contains(Severity.WARN);
    assertThat(Alerts.severity(muted)).isEmpty();
  }

  @Test
  void sameOccasionHasTheSameIdAndAnotherHasAnother() {
    var id = Ids.of(Occasions.of(Kind.RolledBack));
    assertThat(id).hasSize(32).isEqualTo(Ids.of(Occasions.of(Kind.RolledBack)));
    assertThat(id).isNotEqualTo(Ids.of(Occasions.of(Kind.Promoted)));
  }

  @Test
  void alertSaysWhatAPersonHasToKnow() {
    var alert = Alerts.alert(Occasions.of(Kind.RolledBack), Severity.ERROR);
    assertThat(alert.namespace() + "/" + alert.canary()).isEqualTo("shop/web");
    assertThat(alert.phase()).isEqualTo("Succeeded");
    assertThat(alert.revision()).isEqualTo("5f6c");
    assertThat(alert.text()).isEqualTo("it happened");
    assertThat(alert.fields()).containsEntry("Target", "Deployment/web");
  }
}
