package dev.serin.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names of what Serin makes, derived from names that users gave. At most 63 characters, the limit
/// of Services and of label values; longer ones are cut and get a hash of the whole, so that they
/// stay different.
public final class Names {

  private static final int LONGEST = 63;
  private static final int HASH = 8;

  private Names() {}

  /// Of the copy that runs a new revision, of its Service, and of its selector's label value.
  public static String canary(String name) {
    return suffixed(name, "-canary");
  }

  /// Of the record of a rollout.
  ///
  /// @param number counts the rollouts of the Canary from 1
  public static String rolloutRecord(String canary, int number) {
    return suffixed(canary, "-serin-" + number);
  }

  /// A name that ends like this.
  ///
  /// @param suffix at most 40 characters
  public static String suffixed(String name, String suffix) {
    if (name.length() + suffix.length() <= LONGEST) {
      return name + suffix;
    }
    var kept = name.substring(0, LONGEST - suffix.length() - HASH - 1);
    return kept.replaceAll("[^A-Za-z0-9]+$", "") + "-" + hash(name) + suffix;
  }

  private static String hash(String name) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
