package dev.serin.controller.outreach;

import dev.serin.controller.reconcile.Occasion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names what happened, so that whoever hears of it twice can tell.
final class Ids {
  private Ids() {}

  static String of(Occasion occasion) {
    var key =
        String.join(
            "\n",
            occasion.uid(),
            occasion.at().toString(),
            occasion.announcement().kind().name(),
            occasion.announcement().text());
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha.digest(key.getBytes(StandardCharsets.UTF_8)))
          .substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
