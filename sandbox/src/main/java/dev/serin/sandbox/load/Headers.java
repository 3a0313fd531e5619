package dev.serin.sandbox.load;

/// Headers that the sandbox's own parts put on requests and answers.
public final class Headers {

  /// On a request: the workload that calls, in the mesh.
  public static final String CALLER = "x-sandbox-caller";

  /// On an answer: workload and version that gave it, such as `web 2.0`; missing when no pod did.
  public static final String VERSION = "x-sandbox-version";

  private Headers() {}
}
