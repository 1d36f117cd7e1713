package io.ratatoskr.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.ratatoskr.schemas.MeterSpec;
import io.ratatoskr.schemas.MeterSpec.Kind;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.worker.RegisteredMeters;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Every meter of the calls to providers. */
public final class GatewayMetrics {

  /** A counter, timer or gauge, its tags and its meaning. */
  public enum Meter {
    CALLS(
        "calls_total",
        Kind.COUNTER,
        "provider, operation, status",
        "Calls over HTTP by their status; none where no answer came."),
    HEADERS_TIME(
        "headers_seconds",
        Kind.TIMER,
        "provider, operation",
        "From the start of a call, its wait for a place included, to the headers of its answer."),
    FIRST_EVENT_TIME(
        "first_event_seconds",
        Kind.TIMER,
        "provider, model",
        "From the start of a call, its wait for a place included, to the first piece of its"
            + " answer."),
    ANSWER_TIME(
        "answer_seconds",
        Kind.TIMER,
        "provider, model",
        "From the start of a call, its wait for a place included, to the end of its answer."),
    FAILURES(
        "failures_total", Kind.COUNTER, "provider, error", "Calls without an answer, by error."),
    TOKENS(
        "tokens_total",
        Kind.COUNTER,
        "provider, direction",
        "Tokens as the provider counts them: prompt, completion, reasoning, cached."),
    IN_FLIGHT("in_flight", Kind.GAUGE, "provider", "Calls under way."),
    LIMIT("limit", Kind.GAUGE, "provider", "Calls that may be under way at once, now.");

    @SuppressWarnings("ImmutableEnumChecker") // A record of texts and of an enum.
    private final MeterSpec spec;

    Meter(String suffix, Kind kind, String tags, String meaning) {
      spec = new MeterSpec("ratatoskr_provider_" + suffix, kind, tags, meaning);
    }

    /** The name under which it is exposed. */
    public String meterName() {
      return spec.name();
    }
  }

  private final RegisteredMeters meters;
  private final Tags provider;

  GatewayMetrics(MeterRegistry registry, String provider) {
    this.meters = new RegisteredMeters(registry);
    this.provider = Tags.of("provider", provider);
  }

  /** A table of the meters in Markdown. */
  public static String markdown() {
    return MeterSpec.markdown(Stream.of(Meter.values()).map(meter -> meter.spec));
  }

  void watch(AdaptiveLimit limit) {
    meters.gauge(Meter.IN_FLIGHT.spec, provider, limit, AdaptiveLimit::inFlight);
    meters.gauge(Meter.LIMIT.spec, provider, limit, AdaptiveLimit::limit);
  }

  void called(String operation, String status) {
    count(Meter.CALLS, provider.and("operation", operation, "status", status), 1);
  }

  void headersAfter(String operation, long nanos) {
    time(Meter.HEADERS_TIME, provider.and("operation", operation), nanos);
  }

  void firstEventAfter(String model, long nanos) {
    time(Meter.FIRST_EVENT_TIME, provider.and("model", model), nanos);
  }

  void answered(String model, long nanos, TokenUsage usage) {
    time(Meter.ANSWER_TIME, provider.and("model", model), nanos);
    tokens("prompt", usage.promptTokens());
    tokens("completion", usage.completionTokens());
    tokens("reasoning", usage.reasoningTokens());
    tokens("cached", usage.cachedTokens());
  }

  void embedded(String model, long nanos, OptionalLong tokens) {
    time(Meter.ANSWER_TIME, provider.and("model", model), nanos);
    tokens("prompt", tokens);
  }

  void failed(String error) {
    count(Meter.FAILURES, provider.and("error", error), 1);
  }

  private void tokens(String direction, OptionalLong tokens) {
    tokens.ifPresent(
        number -> count(Meter.TOKENS, provider.and("direction", direction), (double) number));
  }

  private void count(Meter meter, Tags tags, double by) {
    meters.count(meter.spec, tags, by);
  }

  private void time(Meter meter, Tags tags, long nanos) {
    meters.time(meter.spec, tags, nanos, TimeUnit.NANOSECONDS);
  }
}
