package dev.serin.controller.workload;

/// How the template of an adopted target is kept from running before it is proven.
public enum HoldMode {
  /// A MutatingAdmissionPolicy pauses the target in the request that changes its template; at rest
  /// the target is not paused.
  ADMISSION_POLICY("AdmissionPolicy"),
  /// The target is paused at rest too.
  PAUSED("Paused");

  private final String word;

  HoldMode(String word) {
    this.word = word;
  }

  /// As shown in `status.hold`.
  public String word() {
    return word;
  }
}
