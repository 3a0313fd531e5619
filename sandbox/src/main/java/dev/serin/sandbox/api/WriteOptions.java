package dev.serin.sandbox.api;

/// How to write.
///
/// @param fieldManager who owns the written fields; "" lets the server choose
/// @param force take fields that other managers own (server-side apply only)
/// @param dryRun answer as if written, write nothing
/// @param strict refuse unknown fields instead of dropping them
public record WriteOptions(String fieldManager, boolean force, boolean dryRun, boolean strict) {

  public static final WriteOptions DEFAULT = new WriteOptions("", false, false, false);

  public static WriteOptions as(String fieldManager) {
    return new WriteOptions(fieldManager, false, false, false);
  }

  public WriteOptions forced() {
    return new WriteOptions(fieldManager, true, dryRun, strict);
  }
}
