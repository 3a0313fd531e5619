package dev.serin.metrics.providers;

import dev.serin.metrics.Measurement;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// Prometheus, or whatever speaks its HTTP API (Thanos, Mimir, VictoriaMetrics).
///
/// Reads of a Secret: `token` for a bearer token, or `username` and `password`; `ca.crt` for the
/// authorities that signed the server's certificate.
final class Prometheus implements SampleProvider {
  /// An answer larger than this is a query that went wrong.
  private static final long MOST_BYTES = 64L << 20;

  private final ProviderSettings settings;
  private final Credentials credentials;
  private final OkHttpClient http;
  private final HttpUrl api;
  private final Guard guard;

  /// Some proxies take no POST, or ask for more rights than to read.
  private final AtomicBoolean takesOnlyGet = new AtomicBoolean();

  private Prometheus(
      ProviderSettings settings,
      Credentials credentials,
      OkHttpClient http,
      HttpUrl api,
      Guard guard) {
    this.settings = settings;
    this.credentials = credentials;
    this.http = http;
    this.api = api;
    this.guard = guard;
  }

  static Built create(ProviderSettings settings, Clock clock) {
    return create(settings, Guard.Patience.within(settings.timeout()), clock);
  }

  static Built create(ProviderSettings settings, Guard.Patience patience, Clock clock) {
    var problems = new ArrayList<String>();
    var api = HttpUrl.get(settings.address());
    if (api == null) {
      return new Built.Unfit(
          List.of(
              "spec.provider.address is '%s'; give an http or https URL, such as http://prometheus.monitoring:9090"
                  .formatted(settings.place())));
    }
    var credentials = Credentials.of(settings, problems);
    var client =
        new OkHttpClient.Builder()
            .callTimeout(settings.timeout())
            .readTimeout(settings.timeout())
            .followRedirects(false)
            .retryOnConnectionFailure(false);
    if (settings.insecureSkipVerify()) {
      Tls.trustAll(client);
    } else if (settings.secret().containsKey("ca.crt")) {
      Tls.trust(client, settings.secret().getOrDefault("ca.crt", ""), problems);
    }
    return problems.isEmpty()
        ? new Built.Ready(
            new Prometheus(
                settings,
                credentials,
                client.build(),
                api.newBuilder().username("").password("").build(),
                new Guard(settings.place(), patience, clock)))
        : new Built.Unfit(problems);
  }

  @Override
  public Measurement query(String query) {
    return ask("query", parameters(query)).measurement();
  }

  @Override
  public Samples latest(String query) {
    return ask("query", parameters(query)).samples();
  }

  @Override
  public Samples instant(String query, Instant time) {
    var parameters = parameters(query);
    parameters.put("time", seconds(time));
    return ask("query", parameters).samples();
  }

  @Override
  public Samples range(String query, Instant start, Instant end, Duration step) {
    var parameters = parameters(query);
    parameters.put("start", seconds(start));
    parameters.put("end", seconds(end));
    // A duration with a unit would have to be whole.
    parameters.put("step", Double.toString(step.toMillis() / 1000.0));
    return ask("query_range", parameters).samples();
  }

  @Override
  public Measurement probe() {
    return query("vector(1)");
  }

  private Map<String, String> parameters(String query) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("query", query);
    parameters.put("timeout", settings.timeout().toMillis() + "ms");
    return parameters;
  }

  private PrometheusAnswer ask(String endpoint, Map<String, String> parameters) {
    var answer =
        switch (guard.send(() -> send(endpoint, parameters))) {
          case Reply.Answered(var body) -> PrometheusAnswer.read(body);
          case Reply.Refused(var reason) -> new PrometheusAnswer.Refused(reason);
          case Reply.Denied(var reason) -> new PrometheusAnswer.Unusable(reason);
          case Reply.Down(var reason, var _) -> new PrometheusAnswer.Unusable(reason);
        };
    return switch (answer) {
      case PrometheusAnswer.Unusable(var reason) ->
          new PrometheusAnswer.Unusable(credentials.scrubbed(reason));
      case PrometheusAnswer.Refused(var reason) ->
          new PrometheusAnswer.Refused(credentials.scrubbed(reason));
      case PrometheusAnswer.Data data -> data;
    };
  }

  private Reply send(String endpoint, Map<String, String> parameters) {
    var url = api.newBuilder().addPathSegments("api/v1").addPathSegment(endpoint).build();
    try {
      if (takesOnlyGet.get()) {
        return get(url, parameters);
      }
      try (var response = http.newCall(post(url, parameters)).execute()) {
        if (response.code() != 405 && response.code() != 501 && response.code() != 403) {
          return reply(response);
        }
      }
      var reply = get(url, parameters);
      takesOnlyGet.compareAndSet(false, reply instanceof Reply.Answered);
      return reply;
    } catch (InterruptedIOException _) {
      return new Reply.Down(
          "%s did not answer within %s".formatted(settings.place(), words(settings.timeout())),
          false);
    } catch (IOException e) {
      return new Reply.Down(
          "%s cannot be reached: %s".formatted(settings.place(), e.getMessage()), true);
    }
  }

  private Reply get(HttpUrl url, Map<String, String> parameters) throws IOException {
    var full = url.newBuilder();
    parameters.forEach(full::addQueryParameter);
    try (var response = http.newCall(request(full.build()).get().build()).execute()) {
      return reply(response);
    }
  }

  private Request post(HttpUrl url, Map<String, String> parameters) {
    var form = new FormBody.Builder();
    parameters.forEach(form::add);
    return request(url).post(form.build()).build();
  }

  private Request.Builder request(HttpUrl url) {
    var request = new Request.Builder().url(url);
    settings
        .headers()
        .forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
    credentials.authorization().ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private Reply reply(Response response) throws IOException {
    var source = response.body().source();
    if (source.request(MOST_BYTES + 1)) {
      return new Reply.Refused(
          "%s answered with more than %d MB; narrow the query"
              .formatted(settings.place(), MOST_BYTES >> 20));
    }
    var body = source.readUtf8();
    int code = response.code();
    if (response.isSuccessful()) {
      return new Reply.Answered(body);
    }
    var said = PrometheusAnswer.error(body).map(error -> ": " + error).orElse("");
    return switch (code) {
      case 401, 403 ->
          new Reply.Denied(
              "%s answered %d: it does not take the credentials, or wants some; check the Secret of the MetricTemplate, or the controller's --metrics-server-secret"
                  .formatted(settings.place(), code));
      case 301, 302, 303, 307, 308 ->
          new Reply.Denied(
              "%s answered %d: it is somewhere else; give its final address"
                  .formatted(settings.place(), code));
      case 404 ->
          new Reply.Denied(
              "%s answered 404: there is no Prometheus API; check the address and its path"
                  .formatted(settings.place()));
      case 429, 504 ->
          new Reply.Down("%s answered %d%s".formatted(settings.place(), code, said), false);
      default ->
          code >= 500
              // Prometheus itself says 503 with a reason when a query took too long or was stopped.
              ? new Reply.Down(
                  "%s answered %d%s".formatted(settings.place(), code, said), said.isEmpty())
              : new Reply.Refused("%s answered %d%s".formatted(settings.place(), code, said));
    };
  }

  private static String seconds(Instant time) {
    return "%d.%03d".formatted(time.getEpochSecond(), time.getNano() / 1_000_000);
  }

  private static String words(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
