package io.ratatoskr.schemas;

import io.ratatoskr.schemas.wire.ErrorRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a request, or one item of it, failed: one closed set, from the worker to the caller. Meaning
 * and remedy of each stand at its {@link ErrorCode} and in {@code docs/errors.md}.
 *
 * @param code which error of the set it is
 * @param message one readable sentence; never holds a secret
 * @param details the fields beside the message, by name, as they travel; those of the code
 * @param retryAfterOrNull how long to wait before the next try, where the failing side said so; not
 *     negative
 */
public record InferenceError(
    ErrorCode code,
    String message,
    Map<String, String> details,
    @Nullable Duration retryAfterOrNull) {

  static {
    TrustedClasses.declare();
  }

  public InferenceError {
    details = Map.copyOf(details);
    if (!details.keySet().equals(Set.copyOf(code.details()))) {
      throw new IllegalArgumentException(
          "%s has the details %s, not %s"
              .formatted(code.wireName(), code.details(), details.keySet()));
    }
    if (retryAfterOrNull != null && retryAfterOrNull.isNegative()) {
      throw new IllegalArgumentException("retryAfter is negative: " + retryAfterOrNull);
    }
  }

  private static InferenceError of(ErrorCode code, String message) {
    return new InferenceError(code, message, Map.of(), null);
  }

  private static InferenceError of(ErrorCode code, String message, Map<String, String> details) {
    return new InferenceError(code, message, details, null);
  }

  /** {@link ErrorCode#HTTP}. */
  public static InferenceError http(String message) {
    return of(ErrorCode.HTTP, message);
  }

  /**
   * {@link ErrorCode#API}.
   *
   * @param status of the provider's answer over HTTP
   */
  public static InferenceError api(int status, String message) {
    return of(ErrorCode.API, message, Map.of("status", Integer.toString(status)));
  }

  /** {@link ErrorCode#RATE_LIMITED}. */
  public static InferenceError rateLimited(String message) {
    return of(ErrorCode.RATE_LIMITED, message);
  }

  /** {@link ErrorCode#AUTHENTICATION_FAILED}. */
  public static InferenceError authenticationFailed(String message) {
    return of(ErrorCode.AUTHENTICATION_FAILED, message);
  }

  /** {@link ErrorCode#STREAM}. */
  public static InferenceError stream(String message) {
    return of(ErrorCode.STREAM, message);
  }

  /** {@link ErrorCode#JSON}. */
  public static InferenceError json(String message) {
    return of(ErrorCode.JSON, message);
  }

  /** {@link ErrorCode#MODEL_NOT_FOUND}. */
  public static InferenceError modelNotFound(String model, String message) {
    return of(ErrorCode.MODEL_NOT_FOUND, message, Map.of("model", model));
  }

  /** {@link ErrorCode#PRESET_NOT_FOUND}. */
  public static InferenceError presetNotFound(String tier, String capability, String message) {
    return of(ErrorCode.PRESET_NOT_FOUND, message, Map.of("tier", tier, "capability", capability));
  }

  /** {@link ErrorCode#INVALID_INPUT}. */
  public static InferenceError invalidInput(String message) {
    return of(ErrorCode.INVALID_INPUT, message);
  }

  /** {@link ErrorCode#NO_PROVIDER}. */
  public static InferenceError noProvider(String capability, String message) {
    return of(ErrorCode.NO_PROVIDER, message, Map.of("capability", capability));
  }

  /** {@link ErrorCode#MODEL_NOT_AVAILABLE}. */
  public static InferenceError modelNotAvailable(String model, String message) {
    return of(ErrorCode.MODEL_NOT_AVAILABLE, message, Map.of("model", model));
  }

  /** {@link ErrorCode#UNSUPPORTED}. */
  public static InferenceError unsupported(String message) {
    return of(ErrorCode.UNSUPPORTED, message);
  }

  /**
   * {@link ErrorCode#UNSUPPORTED_PARAMETER}.
   *
   * @param parameter name of the option, such as {@code top_k}
   */
  public static InferenceError unsupportedParameter(
      String parameter, String model, String provider, String message) {
    return of(
        ErrorCode.UNSUPPORTED_PARAMETER,
        message,
        Map.of("param", parameter, "model", model, "provider", provider));
  }

  /** {@link ErrorCode#EMPTY_RESPONSE}. */
  public static InferenceError emptyResponse(String message) {
    return of(ErrorCode.EMPTY_RESPONSE, message);
  }

  /** {@link ErrorCode#CONTENT_FILTERED}. */
  public static InferenceError contentFiltered(String message) {
    return of(ErrorCode.CONTENT_FILTERED, message);
  }

  /** {@link ErrorCode#DATA_ERROR}. */
  public static InferenceError dataError(String message) {
    return of(ErrorCode.DATA_ERROR, message);
  }

  /**
   * {@link ErrorCode#CONTEXT_LENGTH_EXCEEDED}.
   *
   * @param limit tokens that the model takes
   */
  public static InferenceError contextLengthExceeded(int limit, String message) {
    return of(ErrorCode.CONTEXT_LENGTH_EXCEEDED, message, Map.of("limit", Integer.toString(limit)));
  }

  /**
   * {@link ErrorCode#LLM}.
   *
   * @param isTransient whether the same request may succeed later without a change
   */
  public static InferenceError llm(boolean isTransient, String message) {
    return of(ErrorCode.LLM, message, Map.of("transient", Boolean.toString(isTransient)));
  }

  /** {@link ErrorCode#CANCELLED}. */
  public static InferenceError cancelled(String message) {
    return of(ErrorCode.CANCELLED, message);
  }

  /** {@link ErrorCode#REPLY_NOT_FOUND}. */
  public static InferenceError replyNotFound(String message) {
    return of(ErrorCode.REPLY_NOT_FOUND, message);
  }

  /** {@link ErrorCode#EXPIRED}. */
  public static InferenceError expired(String message) {
    return of(ErrorCode.EXPIRED, message);
  }

  /**
   * {@link ErrorCode#WORKER_CRASHED}.
   *
   * @param crashes how often a worker went away while it ran
   */
  public static InferenceError workerCrashed(int crashes, String message) {
    return of(ErrorCode.WORKER_CRASHED, message, Map.of("crashes", Integer.toString(crashes)));
  }

  /** {@link ErrorCode#OVERLOADED}. */
  public static InferenceError overloaded(String message) {
    return of(ErrorCode.OVERLOADED, message);
  }

  /**
   * {@link ErrorCode#TOO_LARGE}.
   *
   * @param bytes it has
   * @param limit bytes it may have
   */
  public static InferenceError tooLarge(long bytes, long limit, String message) {
    return of(
        ErrorCode.TOO_LARGE,
        message,
        Map.of("bytes", Long.toString(bytes), "limit", Long.toString(limit)));
  }

  /**
   * {@link ErrorCode#TOO_LARGE} of a reply.
   *
   * @param bytes it has
   * @param remedy how to ask for less
   */
  public static InferenceError tooLargeReply(long bytes, String remedy) {
    return tooLarge(
        bytes,
        Limits.REPLY_BYTES,
        "The reply has %d bytes and may have %d; %s.".formatted(bytes, Limits.REPLY_BYTES, remedy));
  }

  /** {@link ErrorCode#CONSENT_REQUIRED}. */
  public static InferenceError consentRequired(String message) {
    return of(ErrorCode.CONSENT_REQUIRED, message);
  }

  /** {@link ErrorCode#BAD_ENVELOPE}. */
  public static InferenceError badEnvelope(String message) {
    return of(ErrorCode.BAD_ENVELOPE, message);
  }

  /**
   * The error that a record holds. A name of a later release becomes {@link ErrorCode#LLM}; what is
   * absent of the details is empty.
   */
  public static InferenceError ofWire(ErrorRecord record) {
    return ErrorCode.ofWireName(record.getCode())
        .map(code -> ofWire(code, record))
        .orElseGet(
            () -> llm(record.getTransient$(), record.getCode() + ": " + record.getMessage()));
  }

  private static InferenceError ofWire(ErrorCode code, ErrorRecord record) {
    Map<String, String> details = new HashMap<>();
    code.details().forEach(name -> details.put(name, record.getDetails().getOrDefault(name, "")));
    Long millis = record.getRetryAfterMs();
    return new InferenceError(
        code,
        record.getMessage(),
        details,
        millis == null || millis < 0 ? null : Duration.ofMillis(millis));
  }

  /** The error as it travels. */
  public ErrorRecord toWire() {
    return ErrorRecord.newBuilder()
        .setCode(code.wireName())
        .setMessage(message)
        .setTransient$(isTransient())
        .setRetryAfterMs(retryAfter().map(Duration::toMillis).orElse(null))
        .setDetails(details)
        .build();
  }

  /** The same, with how long to wait before the next try. */
  public InferenceError after(Duration pause) {
    return new InferenceError(code, message, details, pause);
  }

  /** Whether the same request may succeed later without a change. */
  public boolean isTransient() {
    return code.isTransient(details);
  }

  /**
   * Whether whoever serves has to mend it: what failed may be asked again as it was. The other
   * errors are the sender's, who has to change the request, or wants no answer any more.
   */
  public boolean isOfService() {
    return isTransient() || code.isOfService();
  }

  /**
   * Whether it says that the candidate that gave it is not well, or not there, so that requests
   * like this one had better go to another: not what comes of the request itself, nor a rate limit
   * or a model that loads, which pass by themselves.
   */
  public boolean blamesCandidate() {
    return code.blamesCandidate(details);
  }

  /** How long to wait before the next try, where the failing side said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfterOrNull);
  }
}
