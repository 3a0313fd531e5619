package dev.serin.webhooks;

import dev.serin.parse.HookSpec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// Posts letters, and again where that can help. Blocks for as long as the letter allows; throws
/// nothing for what others can do.
final class Courier {
  /// So much of an answer is read at most.
  private static final int MOST_BYTES = 4096;

  /// So much of it is shown.
  private static final int MOST_WORDS = 300;

  private static final int REDIRECTS = 3;

  private final OkHttpClient verified;
  private final OkHttpClient unverified;
  private final Backoff backoff;
  private final InstantSource clock;

  /// @param clock of signatures
  Courier(Backoff backoff, InstantSource clock) {
    this.verified =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .build();
    this.unverified = Tls.unverified(verified);
    this.backoff = backoff;
    this.clock = clock;
  }

  static Courier standard(InstantSource clock, Waiting waiting) {
    return new Courier(Backoff.standard(waiting), clock);
  }

  Reply send(Letter letter) {
    for (int attempts = 1; ; attempts++) {
      var reply = once(letter);
      if (!reply.isWorthRetrying() || attempts > letter.retries()) {
        return reply;
      }
      try {
        backoff.pass(attempts, wish(reply));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return stopped();
      }
    }
  }

  private static Optional<Duration> wish(Reply reply) {
    return reply instanceof Reply.Answered answered ? answered.retryAfter() : Optional.empty();
  }

  private static Reply.Silent stopped() {
    return new Reply.Silent("the controller stops", false);
  }

  private Reply once(Letter letter) {
    var url = HttpUrl.get(letter.to());
    if (url == null) {
      return new Reply.Silent(letter.place() + " is no http or https address", false);
    }
    try {
      return post(request(letter, url), client(letter), letter, REDIRECTS);
    } catch (InterruptedIOException _) {
      return Thread.currentThread().isInterrupted()
          ? stopped()
          : new Reply.Silent(
              letter.place() + " did not answer within " + words(letter.timeout()), true);
    } catch (IOException e) {
      var why = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
      return Thread.currentThread().isInterrupted()
          ? stopped()
          : new Reply.Silent(
              letter.place() + " cannot be reached: " + line(why, letter.secrets()), true);
    }
  }

  private OkHttpClient client(Letter letter) {
    var builder =
        (letter.tls() == HookSpec.Tls.UNVERIFIED ? unverified : verified)
            .newBuilder()
            .callTimeout(letter.timeout())
            .connectTimeout(letter.timeout())
            .readTimeout(letter.timeout())
            .writeTimeout(letter.timeout());
    letter.proxy().ifPresent(proxy -> builder.proxy(proxy(proxy)));
    return builder.build();
  }

  private static Proxy proxy(URI address) {
    int port = address.getPort() < 0 ? 80 : address.getPort();
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port));
  }

  private Request request(Letter letter, HttpUrl url) {
    var body = letter.body().getBytes(StandardCharsets.UTF_8);
    var request =
        new Request.Builder()
            .url(withoutUser(url))
            .header("User-Agent", "serin")
            .header("webhook-id", letter.id());
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      request.header(
          "Authorization",
          Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8));
    }
    letter.headers().forEach(request::header);
    letter
        .key()
        .ifPresent(
            key ->
                Signature.headers(key, letter.id(), clock.instant(), body)
                    .forEach(request::header));
    return request.post(RequestBody.create(body, MediaType.get(letter.mediaType()))).build();
  }

  private static HttpUrl withoutUser(HttpUrl url) {
    return url.newBuilder().username("").password("").build();
  }

  /// A redirect is followed with the same body, and only to the same server: nobody else is meant
  /// to see what is sent.
  private Reply post(Request request, OkHttpClient http, Letter letter, int redirects)
      throws IOException {
    try (var response = http.newCall(request).execute()) {
      var redirect = response.code() >= 300 && response.code() < 400;
      if (!redirect) {
        return answer(response, letter);
      }
      var target = Optional.ofNullable(response.header("Location")).map(request.url()::resolve);
      var keepsBody = response.code() == 307 || response.code() == 308;
      if (!keepsBody
          || redirects == 0
          || target.filter(url -> isSameServer(url, request.url())).isEmpty()) {
        return new Reply.Silent(
            "%s answered %d, a redirect that is not followed; give the address that answers itself"
                .formatted(letter.place(), response.code()),
            false);
      }
      var there = request.newBuilder().url(withoutUser(target.get())).build();
      return post(there, http, letter, redirects - 1);
    }
  }

  private static boolean isSameServer(HttpUrl one, HttpUrl other) {
    return one.scheme().equals(other.scheme())
        && one.host().equals(other.host())
        && one.port() == other.port();
  }

  private Reply.Answered answer(Response response, Letter letter) throws IOException {
    return new Reply.Answered(
        letter.place(), response.code(), excerpt(response, letter.secrets()), retryAfter(response));
  }

  private static String excerpt(Response response, Secrets secrets) throws IOException {
    var source = response.body().source();
    var more = source.request(MOST_BYTES + 1L);
    var bytes = source.getBuffer().readByteArray(Math.min(source.getBuffer().size(), MOST_BYTES));
    var text = new String(bytes, StandardCharsets.UTF_8);
    // The cut may go through a secret, whose beginning nobody would recognise.
    return line(
        more ? text.substring(0, Math.max(0, text.length() - secrets.longest())) : text, secrets);
  }

  private static String line(String text, Secrets secrets) {
    var line = secrets.hide(text).replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    return line.length() <= MOST_WORDS ? line : line.substring(0, MOST_WORDS - 1) + "…";
  }

  private Optional<Duration> retryAfter(Response response) {
    var said = response.header("Retry-After");
    if (said == null) {
      return Optional.empty();
    }
    try {
      var time =
          said.chars().allMatch(Character::isDigit)
              ? Duration.ofSeconds(Long.parseLong(said))
              : Duration.between(
                  clock.instant(),
                  ZonedDateTime.parse(said, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return time.isNegative() ? Optional.of(Duration.ZERO) : Optional.of(time);
    } catch (DateTimeException | ArithmeticException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
