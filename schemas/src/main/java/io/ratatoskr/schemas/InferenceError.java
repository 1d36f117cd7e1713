package io.ratatoskr.schemas;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a request, or one item of it, failed: one closed set, from the worker to the caller. Meaning
 * and remedy of each stand at its {@link ErrorCode} and in {@code docs/errors.md}.
 */
public sealed interface InferenceError {

  /** Which error of the set it is. */
  ErrorCode code();

  /** One readable sentence; never holds a secret. */
  String message();

  /** Whether the same request may succeed later without a change. */
  default boolean isTransient() {
    return code().isTransient();
  }

  /** How long to wait before the next try, where the failing side said so. */
  default Optional<Duration> retryAfter() {
    return Optional.empty();
  }

  /** The fields beside the message, by name, as they travel. */
  default Map<String, String> details() {
    return Map.of();
  }

  /** A provider or the schema registry could not be reached, or the connection broke. */
  record Http(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.HTTP;
    }
  }

  /** A provider answered with an error status. */
  record Api(int status, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.API;
    }

    @Override
    public boolean isTransient() {
      return status >= 500;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("status", Integer.toString(status));
    }
  }

  /** A provider's rate limit is used up. */
  record RateLimited(String message, @Nullable Duration retryAfterOrNull)
      implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.RATE_LIMITED;
    }

    @Override
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfterOrNull);
    }
  }

  /** A provider refused the credentials. */
  record AuthenticationFailed(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.AUTHENTICATION_FAILED;
    }
  }

  /** No worker knows this model. */
  record ModelNotFound(String model, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.MODEL_NOT_FOUND;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("model", model);
    }
  }

  /** No preset of that tier and capability. */
  record PresetNotFound(String tier, String capability, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.PRESET_NOT_FOUND;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("tier", tier, "capability", capability);
    }
  }

  /** A streamed answer broke off. */
  record Stream(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.STREAM;
    }
  }

  /** A provider's answer, or a tool's arguments, are no valid JSON. */
  record Json(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.JSON;
    }
  }

  /** The request is not well formed or holds a value that is not allowed. */
  record InvalidInput(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.INVALID_INPUT;
    }
  }

  /** No worker or provider serves this capability. */
  record NoProvider(String capability, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.NO_PROVIDER;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("capability", capability);
    }
  }

  /** The model is known but cannot be used here. */
  record ModelNotAvailable(String model, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.MODEL_NOT_AVAILABLE;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("model", model);
    }
  }

  /** A setting is missing or wrong. */
  record Configuration(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.CONFIGURATION;
    }
  }

  /** This release cannot do that. */
  record NotImplemented(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.NOT_IMPLEMENTED;
    }
  }

  /** The model or provider cannot do that. */
  record Unsupported(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.UNSUPPORTED;
    }
  }

  /** The model does not take this parameter. */
  record UnsupportedParameter(String param, String model, String provider, String message)
      implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.UNSUPPORTED_PARAMETER;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("param", param, "model", model, "provider", provider);
    }
  }

  /** Data of a model or an answer is damaged, such as vectors that are not numbers. */
  record DataError(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.DATA_ERROR;
    }
  }

  /** A provider answered with nothing. */
  record EmptyResponse(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.EMPTY_RESPONSE;
    }
  }

  /** A provider's filter held the answer back. */
  record ContentFiltered(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.CONTENT_FILTERED;
    }
  }

  /** The input is longer than the model takes. */
  record ContextLengthExceeded(int limit, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.CONTEXT_LENGTH_EXCEEDED;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("limit", Integer.toString(limit));
    }
  }

  /** A failure of a provider or engine that has no name of its own. */
  record Llm(boolean transientHint, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.LLM;
    }

    @Override
    public boolean isTransient() {
      return transientHint;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("transient", Boolean.toString(transientHint));
    }
  }

  /** The deadline passed before an answer was there. */
  record Expired(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.EXPIRED;
    }
  }

  /** The request was called back. */
  record Cancelled(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.CANCELLED;
    }
  }

  /** The request took down every worker that ran it. */
  record WorkerCrashed(int crashes, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.WORKER_CRASHED;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("crashes", Integer.toString(crashes));
    }
  }

  /** A queue or store is full, or memory ran out. */
  record Overloaded(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.OVERLOADED;
    }
  }

  /** The request or its reply is larger than a record may be. */
  record TooLarge(long bytes, long limit, String message) implements InferenceError {

    /**
     * Of a reply.
     *
     * @param remedy how to ask for less
     */
    public static TooLarge ofReply(long bytes, String remedy) {
      return new TooLarge(
          bytes,
          Limits.REPLY_BYTES,
          "The reply has %d bytes and may have %d; %s."
              .formatted(bytes, Limits.REPLY_BYTES, remedy));
    }

    @Override
    public ErrorCode code() {
      return ErrorCode.TOO_LARGE;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("bytes", Long.toString(bytes), "limit", Long.toString(limit));
    }
  }

  /** The model is being loaded. */
  record Loading(String model, String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.LOADING;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("model", model);
    }
  }

  /** Only a remote provider could answer, and the data policy keeps the data here. */
  record ConsentRequired(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.CONSENT_REQUIRED;
    }
  }

  /** A record's headers, key or partition are not those of a request. */
  record BadEnvelope(String message) implements InferenceError {
    @Override
    public ErrorCode code() {
      return ErrorCode.BAD_ENVELOPE;
    }
  }
}
