package dev.serin.controller.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URL;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// HTTP by fabric8's client, which brings the TLS and the credentials of a kubeconfig or of a pod.
final class HttpTransport implements Transport {

  private final HttpClient client;
  private final String base;

  /// @param server address of the API server
  HttpTransport(HttpClient client, URL server) {
    this.client = client;
    this.base = server.toString().replaceAll("/+$", "");
  }

  @Override
  public String server() {
    return base;
  }

  @Override
  public Reply send(Call call) throws IOException {
    var response = exchange(call);
    try (var body = response.body()) {
      return new Reply(response.code(), parse(response, body), retryAfter(response));
    }
  }

  @Override
  public Stream open(Call call) throws IOException {
    var response = exchange(call);
    return new Stream(response.code(), response.body(), retryAfter(response));
  }

  private HttpResponse<InputStream> exchange(Call call) throws IOException {
    var request =
        client
            .newHttpRequestBuilder()
            .uri(base + call.path())
            .timeout(call.deadline().toMillis(), TimeUnit.MILLISECONDS)
            .setHeader("Accept", call.accept());
    if (call.body().isEmpty()) {
      request.method(call.method(), null, (String) null);
    } else {
      request.method(call.method(), call.contentType(), call.body());
    }
    var answer = client.sendAsync(request.build(), InputStream.class);
    try {
      return answer.get(call.deadline().toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof IOException io ? io : new IOException(describe(cause), cause);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer in " + call.deadline().toSeconds() + " s", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the API server");
    }
  }

  private static String describe(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static JsonNode parse(HttpResponse<?> response, InputStream body) throws IOException {
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      return json == null || json.isMissingNode() ? Json.MAPPER.createObjectNode() : json;
    } catch (JsonProcessingException e) {
      if (response.isSuccessful()) {
        throw e;
      }
      // Proxies in between answer errors in HTML.
      return Json.MAPPER.createObjectNode();
    }
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return seconds(response.header("Retry-After"));
  }

  private static Optional<Duration> seconds(@Nullable String header) {
    if (header == null || !header.matches("[0-9]{1,6}")) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
  }
}
