package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// `status` of a CanaryCommand: what became of it.
///
/// @param answer `Accepted` or `Refused`; missing until it was looked at
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryCommandStatus(
    @Nullable String answer, @Nullable String message, @Nullable String answeredAt) {}
