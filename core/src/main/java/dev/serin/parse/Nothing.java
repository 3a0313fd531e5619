package dev.serin.parse;

import dev.serin.resource.AnalysisSpec;
import dev.serin.resource.ServiceSpec;

/// Objects in which every field was left out.
final class Nothing {

  static final AnalysisSpec ANALYSIS =
      new AnalysisSpec(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null);

  static final ServiceSpec SERVICE =
      new ServiceSpec(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  private Nothing() {}
}
