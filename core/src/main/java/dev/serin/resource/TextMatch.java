package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// How a text is matched; exactly one of the ways is given.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TextMatch(
    @Nullable String exact,
    @Nullable String prefix,
    @Nullable String suffix,
    @Nullable String regex) {}
