/// Asking others: metrics, webhooks, evidence. Nothing here ever blocks a reconcile; what has been
/// answered wakes it.
@NullMarked
package dev.serin.controller.measure;

import org.jspecify.annotations.NullMarked;
