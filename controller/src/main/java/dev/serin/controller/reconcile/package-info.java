/// One Canary, in one direction: read it, observe, decide, store the decision, make the wanted
/// world so. Knows no Kubernetes client and no event loop.
@NullMarked
package dev.serin.controller.reconcile;

import org.jspecify.annotations.NullMarked;
