package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// `spec` of an AlertProvider: where alerts go.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AlertProviderSpec(
    @Nullable String type,
    @Nullable String channel,
    @Nullable String username,
    @Nullable String address,
    @Nullable String proxy,
    @Nullable SecretRef secretRef) {}
