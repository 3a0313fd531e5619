package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// `spec` of a CanaryCommand: what a person asks for. It never changes.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryCommandSpec(
    @Nullable String canary,
    @Nullable String command,
    @Nullable String revision,
    @Nullable String gate,
    @Nullable String reason,
    @Nullable String by) {}
