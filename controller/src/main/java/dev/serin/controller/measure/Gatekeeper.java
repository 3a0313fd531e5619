package dev.serin.controller.measure;

import dev.serin.gate.GateAnswer;
import dev.serin.parse.HookSpec;

/// Calls webhooks that may say no.
@FunctionalInterface
public interface Gatekeeper {

  /// Asks one. Blocks with the hook's own deadline, and never throws for what others can do.
  GateAnswer ask(HookSpec hook, Assignment assignment);
}
