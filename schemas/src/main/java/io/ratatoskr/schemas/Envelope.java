package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, sent as Kafka headers in UTF-8.
 *
 * @param head what its key depends on
 * @param inbox where the reply goes
 * @param timeout from the append of the request until its sender stops waiting; positive
 * @param job the run of a job that it belongs to, if any
 * @param traceparent W3C trace context, if any
 */
public record Envelope(
    RequestHead head,
    Inbox inbox,
    Duration timeout,
    @Nullable JobEpoch job,
    @Nullable String traceparent) {

  public static final String REQUEST_ID = "request-id";
  public static final String INBOX = "inbox";
  public static final String TIMEOUT_MS = "timeout-ms";
  public static final String MODEL = "model";
  public static final String PRESET = "preset";
  public static final String PROVIDER = "provider";
  public static final String TASK_CLASS = "task-class";
  public static final String CONVERSATION = "conversation";
  public static final String STREAM = "stream";
  public static final String TENANT = "tenant";
  public static final String DATA_POLICY = "data-policy";
  public static final String CACHE = "cache";
  public static final String JOB = "job";
  public static final String JOB_EPOCH = "job-epoch";
  public static final String TRACEPARENT = "traceparent";

  /** On a cancellation: how long it waits to be renewed before it holds. */
  public static final String LEASE_MS = "lease-ms";

  /** On records of an inbox that are no terminal reply: what they are. */
  public static final String KIND = "kind";

  /** Set by the router on a record that it has published again under the right key. */
  public static final String REKEYED = "rekeyed";

  private static final String TRUE = "true";

  public Envelope {
    if (timeout.toMillis() <= 0) {
      throw new IllegalArgumentException("timeout-ms: must be positive, is " + timeout.toMillis());
    }
  }

  /** The two headers without which nobody can be answered. */
  public record ReplyTo(RequestId requestId, Inbox inbox) {

    /** Reads them, if both are there and well formed. */
    public static Optional<ReplyTo> read(Headers headers) {
      try {
        return Optional.of(
            new ReplyTo(
                RequestId.parse(required(headers, REQUEST_ID)),
                Inbox.parse(required(headers, INBOX))));
      } catch (BadEnvelopeException | IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    /** Puts them on a record. */
    public void writeTo(Headers headers) {
      put(headers, REQUEST_ID, requestId.toString());
      put(headers, INBOX, inbox.headerValue());
    }
  }

  /** The part that says where the reply goes. */
  public ReplyTo replyTo() {
    return new ReplyTo(head.requestId(), inbox);
  }

  /** Puts the envelope on a record. */
  public void writeTo(Headers headers) {
    replyTo().writeTo(headers);
    put(headers, TIMEOUT_MS, Long.toString(timeout.toMillis()));
    putIfSaid(headers, MODEL, head.model());
    putIfSaid(headers, PRESET, head.preset());
    if (head.stream()) {
      put(headers, STREAM, TRUE);
    }
    putIfSaid(headers, PROVIDER, head.hints().provider());
    putIfSaid(headers, TASK_CLASS, head.hints().taskClass());
    putIfSaid(headers, CONVERSATION, head.hints().conversation());
    put(headers, TENANT, head.tenant());
    put(headers, DATA_POLICY, head.dataPolicy().headerValue());
    put(headers, CACHE, head.cache().headerValue());
    if (job != null) {
      put(headers, job);
    }
    if (traceparent != null) {
      put(headers, TRACEPARENT, traceparent);
    }
  }

  /**
   * Reads a request's headers. Absent optional ones take their defaults: no stream, no tenant,
   * {@link DataPolicy#LOCAL_ONLY}, {@link CacheMode#OFF}, {@link RoutingHints#NONE}.
   *
   * @throws BadEnvelopeException naming the header that is missing or malformed
   */
  public static Envelope read(Headers headers, Duration defaultTimeout) {
    try {
      return new Envelope(
          new RequestHead(
              RequestId.parse(required(headers, REQUEST_ID)),
              optional(headers, MODEL).orElse(""),
              optional(headers, PRESET).orElse(""),
              choice(headers, STREAM, Envelope::bool, false),
              optional(headers, TENANT).orElse(""),
              choice(headers, DATA_POLICY, DataPolicy::ofHeaderValue, DataPolicy.LOCAL_ONLY),
              choice(headers, CACHE, CacheMode::ofHeaderValue, CacheMode.OFF),
              new RoutingHints(
                  optional(headers, PROVIDER).orElse(""),
                  optional(headers, TASK_CLASS).orElse(""),
                  optional(headers, CONVERSATION).orElse(""))),
          Inbox.parse(required(headers, INBOX)),
          optional(headers, TIMEOUT_MS).map(Envelope::millis).orElse(defaultTimeout),
          job(headers).orElse(null),
          traceparent(headers));
    } catch (IllegalArgumentException e) {
      throw new BadEnvelopeException(String.valueOf(e.getMessage()));
    }
  }

  /** The W3C trace context of a request, from its headers or those of its work. */
  public static @Nullable String traceparent(Headers headers) {
    return optional(headers, TRACEPARENT).orElse(null);
  }

  private static <T> T choice(
      Headers headers, String name, Function<String, Optional<T>> parse, T absent) {
    Optional<String> value = optional(headers, name);
    return value.isEmpty()
        ? absent
        : parse
            .apply(value.get())
            .orElseThrow(() -> new BadEnvelopeException(name + ": '" + value.get() + "' unknown"));
  }

  private static Optional<Boolean> bool(String text) {
    return switch (text) {
      case TRUE -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(number(TIMEOUT_MS, text));
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": '" + text + "' is no number", e);
    }
  }

  /** The run of a job that the headers name, if they name one; without an epoch its first. */
  static Optional<JobEpoch> job(Headers headers) {
    return optional(headers, JOB)
        .map(job ->
            new JobEpoch(
                job, optional(headers, JOB_EPOCH).map(text -> number(JOB_EPOCH, text)).orElse(0L)));
  }

  /** The time in which a cancellation waits to be renewed, if it does. */
  static Optional<Duration> lease(Headers headers) {
    return optional(headers, LEASE_MS).map(text -> Duration.ofMillis(number(LEASE_MS, text)));
  }

  static void put(Headers headers, JobEpoch job) {
    put(headers, JOB, job.job());
    put(headers, JOB_EPOCH, Long.toString(job.epoch()));
  }

  static String required(Headers headers, String name) {
    return optional(headers, name)
        .orElseThrow(() -> new BadEnvelopeException("header " + name + " is missing"));
  }

  private static Optional<String> optional(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), UTF_8));
  }

  private static void putIfSaid(Headers headers, String name, String value) {
    if (!value.isEmpty()) {
      put(headers, name, value);
    }
  }

  static void put(Headers headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(UTF_8));
  }
}
