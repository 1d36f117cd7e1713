package io.ratatoskr.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Asks one provider. Blocking and thread-safe; meant for virtual threads.
 *
 * <p>A call is made once: a connection that fails before the request was sent is opened anew, and
 * nothing that a provider may have seen is sent again. When to ask again is the router's to say,
 * which the error of a {@link ProviderOutcome.Failed} tells what it needs for that.
 */
public final class ProviderClient implements AutoCloseable {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final int FEWEST_IDLE = 4;

  /** Most bytes of a refusal that are read. */
  private static final int REFUSAL_BYTES = 64 * 1024;

  private static final MediaType JSON = MediaType.get("application/json");

  private final ProviderConfig config;
  private final Provider provider;
  private final Clock clock;
  private final RandomGenerator random;
  private final GatewayMetrics metrics;
  private final AdaptiveLimit limit;
  private final TokenEstimate estimate = new TokenEstimate();
  private final @Nullable ModelTurnInterceptor turns;
  private final HttpErrors errors;
  private final OkHttpClient http;

  private ProviderClient(
      ProviderConfig config, MeterRegistry registry, Clock clock, RandomGenerator random) {
    this.config = config;
    this.random = random;
    this.clock = clock;
    provider = Provider.of(config);
    metrics = new GatewayMetrics(registry, config.name());
    limit = new AdaptiveLimit(config.name(), config.limits(), System::nanoTime);
    metrics.watch(limit);
    errors = new HttpErrors(config);
    turns =
        config.type() == ProviderType.OLLAMA
            ? new ModelTurnInterceptor(config.limits(), errors)
            : null;
    http = chain();
  }

  /**
   * A client of the provider; it opens no connection before it is asked.
   *
   * @param registry where its meters are
   * @param clock of the deadlines
   */
  public static ProviderClient of(ProviderConfig config, MeterRegistry registry, Clock clock) {
    return new ProviderClient(config, registry, clock, new SecureRandom());
  }

  /** What a call passes on its way out, in this order. */
  private OkHttpClient chain() {
    OkHttpClient.Builder chain =
        new OkHttpClient.Builder()
            .addInterceptor(new DeadlineInterceptor(errors))
            .addInterceptor(new MetricsInterceptor(metrics));
    if (turns != null) {
      chain.addInterceptor(turns);
    }
    chain.addInterceptor(new RateLimitInterceptor(limit, config.limits().queueTimeout(), clock));
    config
        .secret()
        .ifPresent(key -> chain.addInterceptor(new AuthInterceptor(provider.auth(), key)));
    if (config.traced()) {
      chain.addInterceptor(new TraceInterceptor(random));
    }
    return chain
        .addInterceptor(new LogInterceptor(config.name()))
        .dispatcher(unbounded())
        .connectionPool(
            new ConnectionPool(
                Math.max(FEWEST_IDLE, config.limits().concurrent()),
                KEEP_ALIVE.toSeconds(),
                TimeUnit.SECONDS))
        .connectTimeout(config.timeouts().connect())
        .readTimeout(config.timeouts().read())
        .writeTimeout(config.timeouts().write())
        .followRedirects(false)
        .followSslRedirects(false)
        .build();
  }

  /** The limit is ours, not OkHttp's 5 calls to a host. */
  private static Dispatcher unbounded() {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return dispatcher;
  }

  /** The provider's configuration. */
  public ProviderConfig config() {
    return config;
  }

  /** A call that is made when it is {@link ProviderCall#run}, and can be cancelled before. */
  public ProviderCall call(ProviderRequest request) {
    return call(request, Optional.empty());
  }

  /** The same, as a part of a trace. */
  ProviderCall call(ProviderRequest request, Optional<Trace> trace) {
    return new ProviderCall(this, request, trace);
  }

  /** A call for vectors that is made when it is {@link EmbeddingCall#run}. */
  public EmbeddingCall embedding(EmbeddingInput input) {
    return embedding(input, Optional.empty());
  }

  /** The same, as a part of a trace. */
  EmbeddingCall embedding(EmbeddingInput input, Optional<Trace> trace) {
    return new EmbeddingCall(this, input, trace);
  }

  /**
   * The revision of a model's content: the digest that an Ollama server has of it, otherwise the
   * name that the provider gave in its answer.
   */
  String revision(String model, String named) throws ProviderFailure {
    return config.type() == ProviderType.OLLAMA ? new OllamaServer(this).digest(model) : named;
  }

  Provider provider() {
    return provider;
  }

  GatewayMetrics metrics() {
    return metrics;
  }

  HttpErrors errors() {
    return errors;
  }

  Clock clock() {
    return clock;
  }

  /** The error of an answer whose status is none of success, as its body and headers say. */
  InferenceError refusal(Response response, String model) {
    String text = BoundedLines.start(response.body().source(), REFUSAL_BYTES);
    ErrorBody body =
        Document.tryParse(text).flatMap(ErrorBody::of).orElse(new ErrorBody("", "", "", ""));
    InferenceError error =
        provider
            .refusal(response.code(), body, model)
            .orElseGet(() -> errors.ofStatus(response.code(), body, model));
    Duration pause = RetryAfter.of(response.headers(), clock.instant()).orElse(null);
    return pause != null && error.isTransient() ? error.after(pause) : error;
  }

  /** Lets calls that wait for a place see that they are cancelled. */
  void wake() {
    limit.wake();
    if (turns != null) {
      turns.wake();
    }
  }

  /** How many tokens a call may take. */
  TokenEstimate estimate() {
    return estimate;
  }

  /** An answer says how many tokens it and its request had. */
  void answered(long guessed, TokenUsage usage) {
    usage.completionTokens().ifPresent(estimate::answered);
    used(guessed, usage.totalTokens());
  }

  /** A provider says how many tokens a call took, where it does. */
  void used(long guessed, OptionalLong tokens) {
    tokens.ifPresent(number -> limit.used(number - guessed));
  }

  /**
   * A call of HTTP.
   *
   * @param path below the base URL
   * @param body JSON to send; null to ask by GET
   */
  Call http(String path, @Nullable String body, CallTag tag) {
    Request.Builder request =
        new Request.Builder()
            .url(config.url(path))
            .tag(CallTag.class, tag)
            .header("User-Agent", "ratatoskr");
    provider.headers().forEach(request::header);
    if (body != null) {
      request.post(new OnceBody(RequestBody.create(body, JSON)));
    }
    Call call = http.newCall(request.build());
    call.timeout().timeout(Math.max(1, tag.remaining().toMillis()), TimeUnit.MILLISECONDS);
    return call;
  }

  /** A body that is not sent again once its sending has begun, since a call may cost money. */
  private static final class OnceBody extends RequestBody {
    private final RequestBody body;

    OnceBody(RequestBody body) {
      this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return body.contentLength();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      body.writeTo(sink);
    }

    @Override
    public boolean isOneShot() {
      return true;
    }
  }

  @Override
  public String toString() {
    return "provider " + config.name() + " (" + config.type().name().toLowerCase(Locale.ROOT) + ")";
  }

  /** Closes idle connections; those of running calls close with them. */
  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
