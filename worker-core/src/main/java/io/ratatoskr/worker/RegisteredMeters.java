package io.ratatoskr.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.ratatoskr.schemas.MeterSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Meters of a registry, made when they are first used and then found by their tags. */
public final class RegisteredMeters {
  private record Key(MeterSpec meter, Tags tags) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  /**
   * @param registry where the meters go
   */
  public RegisteredMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Lets a counter grow. */
  public void count(MeterSpec meter, Tags tags, double by) {
    counters
        .computeIfAbsent(
            new Key(meter, tags),
            key ->
                Counter.builder(meter.name())
                    .description(meter.description())
                    .tags(tags)
                    .register(registry))
        .increment(by);
  }

  /** Adds a duration to a timer; a negative one, as clocks that differ give it, counts as none. */
  public void time(MeterSpec meter, Tags tags, long duration, TimeUnit unit) {
    timers
        .computeIfAbsent(
            new Key(meter, tags),
            key ->
                Timer.builder(meter.name())
                    .description(meter.description())
                    .tags(tags)
                    .serviceLevelObjectives(MeterSpec.buckets())
                    .register(registry))
        .record(Math.max(0, duration), unit);
  }

  /** Shows a number of an object for as long as somebody else holds that. */
  public <T> void gauge(MeterSpec meter, Tags tags, T object, ToDoubleFunction<T> value) {
    Gauge.builder(meter.name(), object, value)
        .description(meter.description())
        .tags(tags)
        .register(registry);
  }
}
