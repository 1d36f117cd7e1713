package io.ratatoskr.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.ratatoskr.schemas.MeterSpec;
import io.ratatoskr.schemas.MeterSpec.Kind;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
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

    private final String suffix;
    private final Kind kind;
    private final String tags;
    private final String meaning;

    Meter(String suffix, Kind kind, String tags, String meaning) {
      this.suffix = suffix;
      this.kind = kind;
      this.tags = tags;
      this.meaning = meaning;
    }

    private MeterSpec spec() {
      return new MeterSpec("ratatoskr_provider_" + suffix, kind, tags, meaning);
    }

    /** The name under which it is exposed. */
    public String meterName() {
      return spec().name();
    }
  }

  private record Key(Meter meter, Tags tags) {}

  private final MeterRegistry registry;
  private final Tags provider;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  GatewayMetrics(MeterRegistry registry, String provider) {
    this.registry = registry;
    this.provider = Tags.of("provider", provider);
  }

  /** A table of the meters in Markdown. */
  public static String markdown() {
    return MeterSpec.markdown(Stream.of(Meter.values()).map(Meter::spec));
  }

  void watch(AdaptiveLimit limit) {
    Gauge.builder(Meter.IN_FLIGHT.meterName(), limit, AdaptiveLimit::inFlight)
        .description(Meter.IN_FLIGHT.meaning)
        .tags(provider)
        .register(registry);
    Gauge.builder(Meter.LIMIT.meterName(), limit, AdaptiveLimit::limit)
        .description(Meter.LIMIT.meaning)
        .tags(provider)
        .register(registry);
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

  void failed(String error) {
    count(Meter.FAILURES, provider.and("error", error), 1);
  }

  private void tokens(String direction, OptionalLong tokens) {
    tokens.ifPresent(
        number -> count(Meter.TOKENS, provider.and("direction", direction), (double) number));
  }

  private void count(Meter meter, Tags tags, double by) {
    counters
        .computeIfAbsent(
            new Key(meter, tags),
            key ->
                Counter.builder(meter.meterName())
                    .description(meter.meaning)
                    .tags(tags)
                    .register(registry))
        .increment(by);
  }

  private void time(Meter meter, Tags tags, long nanos) {
    timers
        .computeIfAbsent(
            new Key(meter, tags),
            key ->
                Timer.builder(meter.meterName())
                    .description(meter.meaning)
                    .tags(tags)
                    .serviceLevelObjectives(MeterSpec.buckets())
                    .register(registry))
        .record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }
}
