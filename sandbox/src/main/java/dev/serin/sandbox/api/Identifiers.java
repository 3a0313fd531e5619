package dev.serin.sandbox.api;

import java.util.SplittableRandom;
import java.util.UUID;

/// Makes UIDs and name suffixes; the same seed makes the same ones in the same order.
final class Identifiers {

  /// Kubernetes leaves out vowels and look-alikes.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;
  private static final int MAX_GENERATED_BASE = 58;

  private final SplittableRandom random;

  Identifiers(long seed) {
    random = new SplittableRandom(seed);
  }

  String uid() {
    long high = (random.nextLong() & 0xffffffff_ffff0fffL) | 0x4000L;
    long low = (random.nextLong() & 0x3fffffff_ffffffffL) | 0x80000000_00000000L;
    return new UUID(high, low).toString();
  }

  String nameFrom(String generateName) {
    var base =
        generateName.length() > MAX_GENERATED_BASE
            ? generateName.substring(0, MAX_GENERATED_BASE)
            : generateName;
    var name = new StringBuilder(base);
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }

  String token() {
    return Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }
}
