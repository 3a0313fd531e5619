package dev.serin.sandbox.rehearsal;

/// The end of the controller's process at the place where this is thrown. An error, so that nothing
/// in the controller goes on after it.
public final class Crash extends Error {

  private static final long serialVersionUID = 1;

  /// @param where the process ends
  public Crash(String where) {
    super(where, null, false, false);
  }
}
