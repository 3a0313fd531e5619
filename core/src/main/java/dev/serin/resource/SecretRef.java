package dev.serin.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A Secret in the namespace of the object that names it.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretRef(@Nullable String name) {}
