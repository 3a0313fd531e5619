/// Hooks and gates called out, chat told, approvals taken in.
@NullMarked
package dev.serin.webhooks;

import org.jspecify.annotations.NullMarked;
