package dev.serin.controller.cluster;

import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import java.util.concurrent.Executors;
import okhttp3.Dispatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// okhttp on virtual threads: every open watch holds one.
final class VirtualThreadHttp extends OkHttpClientFactory {

  private static final Logger LOG = LoggerFactory.getLogger(VirtualThreadHttp.class);

  @Override
  protected Dispatcher initDispatcher() {
    var threads =
        Thread.ofVirtual()
            .name("http-", 0)
            // okhttp breaks in the thread that reads when a watch is closed by another.
            .uncaughtExceptionHandler((_, e) -> LOG.debug("a request was cut off", e))
            .factory();
    var dispatcher = new Dispatcher(Executors.newThreadPerTaskExecutor(threads));
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return dispatcher;
  }
}
