package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/// HTTP with the API server, authenticated. Calls block.
interface Transport {

  /// The address of the server, for messages.
  String server();

  /// Sends a request and reads its whole answer, whatever its code.
  ///
  /// @throws IOException when there was no answer in time
  Reply send(Call call) throws IOException;

  /// Sends a request whose answer is read as it comes.
  ///
  /// @throws IOException when there was no answer in time
  Stream open(Call call) throws IOException;

  /// @param body `{}` when the server sent no JSON
  /// @param retryAfter how long the server asked to be left alone
  record Reply(int code, JsonNode body, Optional<Duration> retryAfter) {

    boolean ok() {
      return code >= 200 && code < 300;
    }

    /// What the server says about a request that failed.
    String message() {
      var message = body.path("message").asText();
      return message.isEmpty() ? "HTTP " + code : message;
    }
  }

  /// An answer that is still being sent; closing it ends the request.
  record Stream(int code, InputStream body, Optional<Duration> retryAfter)
      implements AutoCloseable {

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        // It ended before; there is nothing left to give back.
      }
    }
  }
}
