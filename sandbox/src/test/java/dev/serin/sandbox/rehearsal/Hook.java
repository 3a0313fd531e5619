package dev.serin.sandbox.rehearsal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A system that is asked over HTTP whether a rollout may begin, and says no until it is opened.
/// All of them share one server, on which each has a path of its own.
final class Hook {

  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/\\d+");
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();

  private final String path = "/" + NUMBER.incrementAndGet();

  private static final class Server {
    static final HttpServer ONLY = start();

    private static HttpServer start() {
      try {
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", Server::answer);
        http.start();
        return http;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        var code = OPEN.contains(exchange.getRequestURI().getPath()) ? 200 : 403;
        exchange.sendResponseHeaders(code, -1);
      }
    }
  }

  String url() {
    return "http://127.0.0.1:" + Server.ONLY.getAddress().getPort() + path;
  }

  void open() {
    OPEN.add(path);
  }

  /// A text in which all of them are called the same.
  static String anonymous(String text) {
    return URL.matcher(text).replaceAll("http://hook");
  }
}
