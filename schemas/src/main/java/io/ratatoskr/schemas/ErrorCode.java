package io.ratatoskr.schemas;

import io.ratatoskr.schemas.wire.ErrorRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The names under which errors travel, what each means, and what to do about it. */
public enum ErrorCode {
  HTTP(
      "Http",
      Transience.TRANSIENT,
      "A provider or the schema registry could not be reached, or the connection broke.",
      "Try again; check its address and the network if it goes on.",
      w -> new InferenceError.Http(w.message())),
  API(
      "Api",
      Transience.DEPENDS,
      "A provider answered with an error status.",
      "From 500 on try again; below, read the message and change the request.",
      w -> new InferenceError.Api(w.integer("status"), w.message())),
  RATE_LIMITED(
      "RateLimited",
      Transience.TRANSIENT,
      "A provider's rate limit is used up.",
      "Wait for retry_after, or spread the load over time or providers.",
      w -> new InferenceError.RateLimited(w.message(), w.retryAfter())),
  AUTHENTICATION_FAILED(
      "AuthenticationFailed",
      Transience.LASTING,
      "A provider refused the credentials.",
      "Set the provider's key where its worker runs.",
      w -> new InferenceError.AuthenticationFailed(w.message())),
  MODEL_NOT_FOUND(
      "ModelNotFound",
      Transience.LASTING,
      "No worker knows this model.",
      "Ask for one of the models that the message names.",
      w -> new InferenceError.ModelNotFound(w.text("model"), w.message())),
  PRESET_NOT_FOUND(
      "PresetNotFound",
      Transience.LASTING,
      "No preset of that tier and capability.",
      "List the presets and choose one.",
      w -> new InferenceError.PresetNotFound(w.text("tier"), w.text("capability"), w.message())),
  STREAM(
      "Stream",
      Transience.TRANSIENT,
      "A streamed answer broke off.",
      "Try again.",
      w -> new InferenceError.Stream(w.message())),
  JSON(
      "Json",
      Transience.LASTING,
      "A provider's answer, or a tool's arguments, are no valid JSON.",
      "Try another model, or report it to the provider.",
      w -> new InferenceError.Json(w.message())),
  INVALID_INPUT(
      "InvalidInput",
      Transience.LASTING,
      "The request is not well formed or holds a value that is not allowed.",
      "Change what the message names.",
      w -> new InferenceError.InvalidInput(w.message())),
  NO_PROVIDER(
      "NoProvider",
      Transience.LASTING,
      "No worker or provider serves this capability.",
      "Start a worker of that capability, or configure a provider.",
      w -> new InferenceError.NoProvider(w.text("capability"), w.message())),
  MODEL_NOT_AVAILABLE(
      "ModelNotAvailable",
      Transience.LASTING,
      "The model is known but cannot be used here.",
      "Read the reason; give the worker what it lacks, or ask for another model.",
      w -> new InferenceError.ModelNotAvailable(w.text("model"), w.message())),
  CONFIGURATION(
      "Configuration",
      Transience.LASTING,
      "A setting is missing or wrong.",
      "Change the setting that the message names.",
      w -> new InferenceError.Configuration(w.message())),
  NOT_IMPLEMENTED(
      "NotImplemented",
      Transience.LASTING,
      "This release cannot do that.",
      "Use a release that can.",
      w -> new InferenceError.NotImplemented(w.message())),
  UNSUPPORTED(
      "Unsupported",
      Transience.LASTING,
      "The model or provider cannot do that.",
      "Ask for a model that can.",
      w -> new InferenceError.Unsupported(w.message())),
  UNSUPPORTED_PARAMETER(
      "UnsupportedParameter",
      Transience.LASTING,
      "The model does not take this parameter.",
      "Leave the parameter out, or ask for a model that takes it.",
      w ->
          new InferenceError.UnsupportedParameter(
              w.text("param"), w.text("model"), w.text("provider"), w.message())),
  DATA_ERROR(
      "DataError",
      Transience.LASTING,
      "Data of a model or an answer is damaged, such as vectors that are not numbers.",
      "Check the model's files; try another model.",
      w -> new InferenceError.DataError(w.message())),
  EMPTY_RESPONSE(
      "EmptyResponse",
      Transience.TRANSIENT,
      "A provider answered with nothing.",
      "Try again.",
      w -> new InferenceError.EmptyResponse(w.message())),
  CONTENT_FILTERED(
      "ContentFiltered",
      Transience.LASTING,
      "A provider's filter held the answer back.",
      "Change the content.",
      w -> new InferenceError.ContentFiltered(w.message())),
  CONTEXT_LENGTH_EXCEEDED(
      "ContextLengthExceeded",
      Transience.LASTING,
      "The input is longer than the model takes.",
      "Shorten it, ask for truncation, or use a model with a longer limit.",
      w -> new InferenceError.ContextLengthExceeded(w.integer("limit"), w.message())),
  LLM(
      "Llm",
      Transience.DEPENDS,
      "A failure of a provider or engine that has no name of its own.",
      "Read the message; try again if it is transient.",
      w -> new InferenceError.Llm(w.flag("transient"), w.message())),
  EXPIRED(
      "Expired",
      Transience.LASTING,
      "The deadline passed before an answer was there.",
      "Allow more time, or add workers if the queue is long.",
      w -> new InferenceError.Expired(w.message())),
  CANCELLED(
      "Cancelled",
      Transience.LASTING,
      "The request was called back.",
      "Nothing; send it again if it is wanted after all.",
      w -> new InferenceError.Cancelled(w.message())),
  WORKER_CRASHED(
      "WorkerCrashed",
      Transience.LASTING,
      "The request took down every worker that ran it.",
      "Send its items apart to find the one, and report it.",
      w -> new InferenceError.WorkerCrashed(w.integer("crashes"), w.message())),
  OVERLOADED(
      "Overloaded",
      Transience.TRANSIENT,
      "A queue or store is full, or memory ran out.",
      "Try again later, with fewer requests at once.",
      w -> new InferenceError.Overloaded(w.message())),
  TOO_LARGE(
      "TooLarge",
      Transience.LASTING,
      "The request or its reply is larger than a record may be.",
      "Split it.",
      w -> new InferenceError.TooLarge(w.number("bytes"), w.number("limit"), w.message())),
  LOADING(
      "Loading",
      Transience.TRANSIENT,
      "The model is being loaded.",
      "Try again when the model is ready.",
      w -> new InferenceError.Loading(w.text("model"), w.message())),
  CONSENT_REQUIRED(
      "ConsentRequired",
      Transience.LASTING,
      "Only a remote provider could answer, and the data policy keeps the data here.",
      "Set data-policy to prefer_local or remote_allowed if the data may leave.",
      w -> new InferenceError.ConsentRequired(w.message())),
  BAD_ENVELOPE(
      "BadEnvelope",
      Transience.LASTING,
      "A record's headers, key or partition are not those of a request.",
      "Use a client library of this project, or follow docs/topics.md.",
      w -> new InferenceError.BadEnvelope(w.message()));

  /** Whether trying again may help. */
  public enum Transience {
    TRANSIENT,
    LASTING,
    /** It stands in the error itself. */
    DEPENDS;

    private String word() {
      return switch (this) {
        case TRANSIENT -> "yes";
        case LASTING -> "no";
        case DEPENDS -> "depends";
      };
    }
  }

  static {
    TrustedClasses.declare();
  }

  private interface Reading {
    InferenceError read(Wire wire);
  }

  private final String wireName;
  private final Transience transience;
  private final String meaning;
  private final String remedy;

  @SuppressWarnings("ImmutableEnumChecker") // a constructor reference, without state
  private final Reading reading;

  ErrorCode(
      String wireName, Transience transience, String meaning, String remedy, Reading reading) {
    this.wireName = wireName;
    this.transience = transience;
    this.meaning = meaning;
    this.remedy = remedy;
    this.reading = reading;
  }

  /** The name in records, replies and error files. */
  public String wireName() {
    return wireName;
  }

  /** Whether trying again may help. */
  public Transience transience() {
    return transience;
  }

  /** What happened. */
  public String meaning() {
    return meaning;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  boolean isTransient() {
    return transience == Transience.TRANSIENT;
  }

  /**
   * Whether some of a request's items may be the cause, so that the others succeed without them.
   */
  public boolean mayComeOfItems() {
    return switch (this) {
      case MODEL_NOT_FOUND,
          PRESET_NOT_FOUND,
          MODEL_NOT_AVAILABLE,
          NO_PROVIDER,
          AUTHENTICATION_FAILED,
          CONFIGURATION,
          NOT_IMPLEMENTED,
          UNSUPPORTED,
          UNSUPPORTED_PARAMETER,
          CONSENT_REQUIRED,
          EXPIRED,
          CANCELLED,
          RATE_LIMITED,
          LOADING,
          BAD_ENVELOPE ->
          false;
      case HTTP,
          API,
          STREAM,
          JSON,
          INVALID_INPUT,
          DATA_ERROR,
          EMPTY_RESPONSE,
          CONTENT_FILTERED,
          CONTEXT_LENGTH_EXCEEDED,
          LLM,
          WORKER_CRASHED,
          OVERLOADED,
          TOO_LARGE ->
          true;
    };
  }

  /** The error as it travels. */
  public static ErrorRecord toWire(InferenceError error) {
    return ErrorRecord.newBuilder()
        .setCode(error.code().wireName)
        .setMessage(error.message())
        .setTransient$(error.isTransient())
        .setRetryAfterMs(error.retryAfter().map(Duration::toMillis).orElse(null))
        .setDetails(error.details())
        .build();
  }

  /** The error that a record holds; a name of a later release becomes {@link #LLM}. */
  public static InferenceError ofWire(ErrorRecord record) {
    return ofWireName(record.getCode())
        .map(code -> code.reading.read(new Wire(record)))
        .orElseGet(() ->
            new InferenceError.Llm(
                record.getTransient$(), record.getCode() + ": " + record.getMessage()));
  }

  private static Optional<ErrorCode> ofWireName(String name) {
    for (ErrorCode code : values()) {
      if (code.wireName.equals(name)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  /** All codes as a page in Markdown, sorted by name. */
  static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Errors

            Every failure of a request, or of one item of it, carries one of these names.
            A transient error may go away when the same request is made again; \
            "depends" means that the error itself says so.

            | name | transient | what happened | what to do |
            |---|---|---|---|
            """);
    Arrays.stream(values())
        .sorted(Comparator.comparing(ErrorCode::wireName))
        .forEach(code ->
            page.append(
                "| `%s` | %s | %s | %s |\n"
                    .formatted(code.wireName, code.transience.word(), code.meaning, code.remedy)));
    return page.toString();
  }

  /** Reads an error's fields; what is absent or malformed takes a neutral value. */
  private record Wire(ErrorRecord error) {
    String message() {
      return error.getMessage();
    }

    @Nullable Duration retryAfter() {
      Long millis = error.getRetryAfterMs();
      return millis == null ? null : Duration.ofMillis(millis);
    }

    String text(String field) {
      return error.getDetails().getOrDefault(field, "");
    }

    int integer(String field) {
      return (int) number(field);
    }

    long number(String field) {
      try {
        return Long.parseLong(error.getDetails().getOrDefault(field, "0"));
      } catch (NumberFormatException e) {
        return 0;
      }
    }

    boolean flag(String field) {
      return Boolean.parseBoolean(error.getDetails().getOrDefault(field, "false"));
    }
  }
}
