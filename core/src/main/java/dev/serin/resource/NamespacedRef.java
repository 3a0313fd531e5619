package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// An object of a kind that is known from the field's name.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamespacedRef(@Nullable String name, @Nullable String namespace) {}
