package dev.serin.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1614265330);

  @Test
  void isTheOneThatStandardWebhooksPublishes() {
    assertThat(Signature.headers("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ID, AT, BODY))
        .containsEntry("webhook-timestamp", "1614265330")
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void plainKeyCountsWithoutTheLineBreakThatFilesEndWith() {
    assertThat(Signature.headers("correct horse\n", ID, AT, BODY))
        .isEqualTo(Signature.headers("correct horse", ID, AT, BODY));
  }

  @Test
  void oldSignatureFitsNoOtherTimeBodyOrDelivery() {
    var signature = Signature.headers("key", ID, AT, BODY).get("webhook-signature");
    assertThat(Signature.headers("key", ID, AT.plusSeconds(1), BODY).get("webhook-signature"))
        .isNotEqualTo(signature);
    assertThat(Signature.headers("key", "msg_2", AT, BODY).get("webhook-signature"))
        .isNotEqualTo(signature);
    assertThat(Signature.headers("key", ID, AT, new byte[] {1}).get("webhook-signature"))
        .isNotEqualTo(signature);
  }

  @Test
  void nothingAndBrokenBase64AreNoKeys() {
    assertThat(Signature.isKey(" ")).isFalse();
    assertThat(Signature.isKey("whsec_")).isFalse();
    assertThat(Signature.isKey("whsec_$$$")).isFalse();
    assertThat(Signature.isKey("k")).isTrue();
  }
}
