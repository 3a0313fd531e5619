package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.load.Load;
import dev.serin.sandbox.workload.PodHost;
import java.util.List;

/// Everything between callers and pods, and both of them.
public interface DataPlane extends PodHost, AutoCloseable {

  /// Sends the requests where these proxies know to.
  void through(ProxyState proxies);

  /// Replaces what callers ask for.
  void loads(List<Load> loads);

  /// Brings the ledger up to now.
  void settle();

  @Override
  void close();
}
