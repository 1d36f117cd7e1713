package io.ratatoskr.schemas;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names under which errors travel, what each means, and what to do about it. */
public enum ErrorCode {
  HTTP(
      "Http",
      Transience.TRANSIENT,
      Extent.ITEMS,
      502,
      "A provider or the schema registry could not be reached, or the connection broke.",
      "Try again; check its address and the network if it goes on."),
  API(
      "Api",
      Transience.DEPENDS,
      Extent.ITEMS,
      502,
      "A provider answered with an error status.",
      "From 500 on try again; below, read the message and change the request.",
      "status"),
  RATE_LIMITED(
      "RateLimited",
      Transience.TRANSIENT,
      Extent.REQUEST,
      429,
      "A provider's rate limit is used up, or a tenant has as much in flight as it may.",
      "Wait for retry_after, or spread the load over time or providers."),
  AUTHENTICATION_FAILED(
      "AuthenticationFailed",
      Transience.LASTING,
      Extent.REQUEST,
      500,
      "A provider refused the credentials.",
      "Set the provider's key where its worker runs."),
  MODEL_NOT_FOUND(
      "ModelNotFound",
      Transience.LASTING,
      Extent.CANDIDATE,
      404,
      "No worker knows this model.",
      "Ask for one of the models that the message names.",
      "model"),
  PRESET_NOT_FOUND(
      "PresetNotFound",
      Transience.LASTING,
      Extent.REQUEST,
      404,
      "No preset of that tier and capability.",
      "Choose one of those that `ratatoskr presets list` shows.",
      "tier",
      "capability"),
  STREAM(
      "Stream",
      Transience.TRANSIENT,
      Extent.ITEMS,
      502,
      "A streamed answer broke off.",
      "Try again."),
  JSON(
      "Json",
      Transience.LASTING,
      Extent.ITEMS,
      500,
      "A provider's answer, or a tool's arguments, are no valid JSON.",
      "Try another model, or report it to the provider."),
  INVALID_INPUT(
      "InvalidInput",
      Transience.LASTING,
      Extent.ITEMS,
      400,
      "The request is not well formed or holds a value that is not allowed.",
      "Change what the message names."),
  NO_PROVIDER(
      "NoProvider",
      Transience.LASTING,
      Extent.CANDIDATE,
      501,
      "No worker or provider serves this capability.",
      "Start a worker of that capability, or configure a provider.",
      "capability"),
  MODEL_NOT_AVAILABLE(
      "ModelNotAvailable",
      Transience.LASTING,
      Extent.CANDIDATE,
      501,
      "The model is known but cannot be used here.",
      "Read the reason; give the worker what it lacks, or ask for another model.",
      "model"),
  CONFIGURATION(
      "Configuration",
      Transience.LASTING,
      Extent.REQUEST,
      500,
      "A setting is missing or wrong.",
      "Change the setting that the message names."),
  NOT_IMPLEMENTED(
      "NotImplemented",
      Transience.LASTING,
      Extent.REQUEST,
      501,
      "This release cannot do that.",
      "Use a release that can."),
  UNSUPPORTED(
      "Unsupported",
      Transience.LASTING,
      Extent.REQUEST,
      422,
      "The model or provider cannot do that.",
      "Ask for a model that can."),
  UNSUPPORTED_PARAMETER(
      "UnsupportedParameter",
      Transience.LASTING,
      Extent.CANDIDATE,
      422,
      "The model does not take this parameter.",
      "Leave the parameter out, or ask for a model that takes it.",
      "param",
      "model",
      "provider"),
  DATA_ERROR(
      "DataError",
      Transience.LASTING,
      Extent.ITEMS,
      500,
      "Data of a model or an answer is damaged, such as vectors that are not numbers.",
      "Check the model's files; try another model."),
  EMPTY_RESPONSE(
      "EmptyResponse",
      Transience.TRANSIENT,
      Extent.ITEMS,
      502,
      "A provider answered with nothing.",
      "Try again."),
  CONTENT_FILTERED(
      "ContentFiltered",
      Transience.LASTING,
      Extent.ITEMS,
      422,
      "A provider's filter held the answer back.",
      "Change the content."),
  CONTEXT_LENGTH_EXCEEDED(
      "ContextLengthExceeded",
      Transience.LASTING,
      Extent.ITEMS,
      422,
      "The input is longer than the model takes.",
      "Shorten it, ask for truncation, or use a model with a longer limit.",
      "limit"),
  LLM(
      "Llm",
      Transience.DEPENDS,
      Extent.ITEMS,
      500,
      "A failure of a provider or engine that has no name of its own.",
      "Read the message; try again if it is transient.",
      "transient"),
  EXPIRED(
      "Expired",
      Transience.LASTING,
      Extent.REQUEST,
      504,
      "The deadline passed before an answer was there.",
      "Allow more time, or add workers if the queue is long."),
  REPLY_NOT_FOUND(
      "ReplyNotFound",
      Transience.LASTING,
      Extent.REQUEST,
      404,
      "No reply to that handle is kept: it was deleted, or the request is of another Kafka.",
      "Fetch replies earlier or keep them longer (replies.retention); send the request again."),
  CANCELLED(
      "Cancelled",
      Transience.LASTING,
      Extent.REQUEST,
      499,
      "The request was called back.",
      "Nothing; send it again if it is wanted after all."),
  WORKER_CRASHED(
      "WorkerCrashed",
      Transience.LASTING,
      Extent.ITEMS,
      500,
      "The request took down every worker that ran it.",
      "Send its items apart to find the one, and report it.",
      "crashes"),
  OVERLOADED(
      "Overloaded",
      Transience.TRANSIENT,
      Extent.ITEMS,
      503,
      "A queue or store is full, or memory ran out.",
      "Try again later, with fewer requests at once."),
  TOO_LARGE(
      "TooLarge",
      Transience.LASTING,
      Extent.ITEMS,
      413,
      "The request or its reply is larger than a record may be.",
      "Split it.",
      "bytes",
      "limit"),
  LOADING(
      "Loading",
      Transience.TRANSIENT,
      Extent.REQUEST,
      503,
      "The model is being loaded.",
      "Try again when the model is ready.",
      "model"),
  CONSENT_REQUIRED(
      "ConsentRequired",
      Transience.LASTING,
      Extent.REQUEST,
      403,
      "Only a remote provider could answer, and the data policy keeps the data here.",
      "Set data-policy to prefer_local or remote_allowed if the data may leave."),
  BAD_ENVELOPE(
      "BadEnvelope",
      Transience.LASTING,
      Extent.REQUEST,
      400,
      "A record's headers, key or partition are not those of a request.",
      "Use a client library of this project, or follow docs/topics.md.");

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

  /** The extent of a failure. */
  private enum Extent {
    /** Perhaps for some of the request's items only. */
    ITEMS,
    /** For the candidate that refused. */
    CANDIDATE,
    /** For the whole request, whoever runs it. */
    REQUEST
  }

  private final String wireName;
  private final Transience transience;
  private final Extent extent;
  private final int httpStatus;
  private final String meaning;
  private final String remedy;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> details;

  ErrorCode(
      String wireName,
      Transience transience,
      Extent extent,
      int httpStatus,
      String meaning,
      String remedy,
      String... details) {
    this.wireName = wireName;
    this.transience = transience;
    this.extent = extent;
    this.httpStatus = httpStatus;
    this.meaning = meaning;
    this.remedy = remedy;
    this.details = List.of(details);
  }

  /** The name in records, replies and error files. */
  public String wireName() {
    return wireName;
  }

  /** Whether trying again may help. */
  public Transience transience() {
    return transience;
  }

  /**
   * The status to tell it with over HTTP; lasting errors have none that clients try again after.
   */
  public int httpStatus() {
    return httpStatus;
  }

  /** The meaning of the error. */
  public String meaning() {
    return meaning;
  }

  /** The advice what to do about the error. */
  public String remedy() {
    return remedy;
  }

  /** The names of the fields that such an error has beside its message. */
  public List<String> details() {
    return details;
  }

  /**
   * Whether some of a request's items may be the cause, so that the others succeed without them.
   */
  public boolean mayComeOfItems() {
    return extent == Extent.ITEMS;
  }

  /**
   * Whether it says nothing about the next candidate, which may succeed: it has the model, takes
   * the parameter, or a longer input, or answers as it should. Refused credentials stop a request:
   * what is wrong with them is somebody's to mend, and no other provider's to pay for.
   */
  public boolean anotherCandidateMay() {
    return extent == Extent.CANDIDATE || this == CONTEXT_LENGTH_EXCEEDED || this == JSON;
  }

  /** Whether it lies with workers, providers or their configuration, whatever was asked. */
  boolean isOfService() {
    return httpStatus >= 500 && this != EXPIRED && this != API;
  }

  /** Whether an error with these details may go away; what cannot be read counts as lasting. */
  boolean isTransient(Map<String, String> of) {
    return switch (transience) {
      case TRANSIENT -> true;
      case LASTING -> false;
      case DEPENDS ->
          this == API
              ? of.getOrDefault("status", "").matches("[5-9]\\d\\d")
              : Boolean.parseBoolean(of.get("transient"));
    };
  }

  /** Whether an error with these details says that its candidate is not well, or not there. */
  boolean blamesCandidate(Map<String, String> of) {
    return switch (this) {
      case RATE_LIMITED, LOADING, UNSUPPORTED_PARAMETER -> false;
      default -> isTransient(of) || extent == Extent.CANDIDATE;
    };
  }

  static Optional<ErrorCode> ofWireName(String name) {
    return Arrays.stream(values()).filter(code -> code.wireName.equals(name)).findFirst();
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
            Where "items" says yes, some of the request's items may be the cause: \
            sent apart, the others may succeed.
            "HTTP" is the status to tell it with over HTTP. \
            The details are fields beside the message.

            | name | transient | items | HTTP | details | what happened | what to do |
            |---|---|---|---|---|---|---|
            """);
    Arrays.stream(values())
        .sorted(Comparator.comparing(ErrorCode::wireName))
        .forEach(code -> page.append(code.row()));
    return page.toString();
  }

  private String row() {
    return "| `%s` | %s | %s | %d | %s | %s | %s |\n"
        .formatted(
            wireName,
            transience.word(),
            mayComeOfItems() ? "yes" : "no",
            httpStatus,
            details.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")),
            meaning,
            remedy);
  }
}
