package dev.serin.parse;

import dev.serin.alert.Severity;

/// Who is told what.
///
/// @param name unique among the Canary's alerts
/// @param severity the least that is told
/// @param providerNamespace namespace of the AlertProvider
/// @param provider name of the AlertProvider
public record AlertSpec(
    String name, Severity severity, String providerNamespace, String provider) {}
