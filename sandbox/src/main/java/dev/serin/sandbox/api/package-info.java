/// The API server of the sandbox: objects, watches, validation, ownership, over HTTP and in
/// process.
@NullMarked
package dev.serin.sandbox.api;

import org.jspecify.annotations.NullMarked;
