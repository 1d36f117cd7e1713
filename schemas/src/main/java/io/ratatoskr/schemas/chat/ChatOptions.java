package io.ratatoskr.schemas.chat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a model samples and shapes its answer. What is absent is left to the provider; what a
 * provider does not take is refused with {@code UnsupportedParameter}.
 *
 * @param temperature spread of the sampling, 0 to 2; 0 takes the likeliest token
 * @param topP share of the probability that is sampled from, above 0 to 1
 * @param topK likeliest tokens that are sampled from; positive
 * @param maxTokens most tokens of the answer; positive
 * @param stop texts that end the answer and do not stand in it; none is empty
 * @param frequencyPenalty penalty for a token for each time that it occurred, -2 to 2
 * @param presencePenalty penalty for a token that occurred at all, -2 to 2
 * @param repetitionPenalty divisor of the weight of tokens that occurred, above 0 to 2; 1 changes
 *     nothing
 * @param seed start of the random numbers, for answers that can be repeated
 * @param parallelToolCalls whether one answer may hold several calls of tools
 * @param responseFormat the shape of the answer
 * @param reasoning how the model reasons
 * @param cachePrompt whether the provider's prompt cache shall be used
 * @param rawProviderOptions a JSON object whose members are added to the call of the provider as
 *     they are, for what has no option here
 */
public record ChatOptions(
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt topK,
    OptionalInt maxTokens,
    List<String> stop,
    OptionalDouble frequencyPenalty,
    OptionalDouble presencePenalty,
    OptionalDouble repetitionPenalty,
    OptionalLong seed,
    Optional<Boolean> parallelToolCalls,
    ResponseFormat responseFormat,
    Optional<ReasoningOptions> reasoning,
    Optional<Boolean> cachePrompt,
    Optional<String> rawProviderOptions) {

  private static final ChatOptions DEFAULTS = builder().build();

  public ChatOptions {
    stop = List.copyOf(stop);
    within("temperature", temperature, 0, true, 2);
    within("top_p", topP, 0, false, 1);
    positive("top_k", topK);
    positive("max_tokens", maxTokens);
    if (stop.contains("")) {
      throw new IllegalArgumentException("stop: a stop sequence is empty");
    }
    within("frequency_penalty", frequencyPenalty, -2, true, 2);
    within("presence_penalty", presencePenalty, -2, true, 2);
    within("repetition_penalty", repetitionPenalty, 0, false, 2);
    rawProviderOptions.ifPresent(text -> JsonText.object("raw_provider_options", text));
  }

  private static void within(
      String key, OptionalDouble value, double from, boolean included, double to) {
    if (value.isEmpty()) {
      return;
    }
    double number = value.getAsDouble();
    if (!(included ? number >= from : number > from) || !(number <= to)) {
      throw new IllegalArgumentException(
          "%s: must be %s %s and at most %s, is %s"
              .formatted(key, included ? "at least" : "above", from, to, number));
    }
  }

  private static void positive(String key, OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(key + ": must be positive, is " + value.getAsInt());
    }
  }

  /** Everything is left to the provider; the answer is plain text. */
  public static ChatOptions defaults() {
    return DEFAULTS;
  }

  /** These options, and where nothing is set here those of another. */
  public ChatOptions or(ChatOptions other) {
    return new ChatOptions(
        temperature.isPresent() ? temperature : other.temperature,
        topP.isPresent() ? topP : other.topP,
        topK.isPresent() ? topK : other.topK,
        maxTokens.isPresent() ? maxTokens : other.maxTokens,
        stop.isEmpty() ? other.stop : stop,
        frequencyPenalty.isPresent() ? frequencyPenalty : other.frequencyPenalty,
        presencePenalty.isPresent() ? presencePenalty : other.presencePenalty,
        repetitionPenalty.isPresent() ? repetitionPenalty : other.repetitionPenalty,
        seed.isPresent() ? seed : other.seed,
        parallelToolCalls.or(() -> other.parallelToolCalls),
        responseFormat instanceof ResponseFormat.PlainText ? other.responseFormat : responseFormat,
        reasoning.or(() -> other.reasoning),
        cachePrompt.or(() -> other.cachePrompt),
        rawProviderOptions.or(() -> other.rawProviderOptions));
  }

  /** Of these options those that somebody takes. */
  public ChatOptions only(Set<ChatParameter> taken) {
    return new ChatOptions(
        taken.contains(ChatParameter.TEMPERATURE) ? temperature : OptionalDouble.empty(),
        taken.contains(ChatParameter.TOP_P) ? topP : OptionalDouble.empty(),
        taken.contains(ChatParameter.TOP_K) ? topK : OptionalInt.empty(),
        taken.contains(ChatParameter.MAX_TOKENS) ? maxTokens : OptionalInt.empty(),
        taken.contains(ChatParameter.STOP) ? stop : List.of(),
        taken.contains(ChatParameter.FREQUENCY_PENALTY) ? frequencyPenalty : OptionalDouble.empty(),
        taken.contains(ChatParameter.PRESENCE_PENALTY) ? presencePenalty : OptionalDouble.empty(),
        taken.contains(ChatParameter.REPETITION_PENALTY)
            ? repetitionPenalty
            : OptionalDouble.empty(),
        taken.contains(ChatParameter.SEED) ? seed : OptionalLong.empty(),
        parallelToolCalls.filter(one -> taken.contains(ChatParameter.PARALLEL_TOOL_CALLS)),
        taken.contains(ChatParameter.RESPONSE_FORMAT)
            ? responseFormat
            : new ResponseFormat.PlainText(),
        reasoning.filter(one -> taken.contains(ChatParameter.REASONING)),
        cachePrompt.filter(one -> taken.contains(ChatParameter.CACHE_PROMPT)),
        rawProviderOptions.filter(one -> taken.contains(ChatParameter.RAW_PROVIDER_OPTIONS)));
  }

  /** The options that are set. */
  public Set<ChatParameter> parameters() {
    return ChatParameter.setIn(this);
  }

  /** The options as they travel. */
  public io.ratatoskr.schemas.wire.ChatOptions toWire() {
    return WireOptions.toWire(this);
  }

  /**
   * The options that a record holds.
   *
   * @throws IllegalArgumentException if a value is none that there can be
   */
  public static ChatOptions ofWire(io.ratatoskr.schemas.wire.ChatOptions record) {
    return WireOptions.ofWire(record);
  }

  /** Starts with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts with these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.temperature = temperature;
    builder.topP = topP;
    builder.topK = topK;
    builder.maxTokens = maxTokens;
    builder.stop = stop;
    builder.frequencyPenalty = frequencyPenalty;
    builder.presencePenalty = presencePenalty;
    builder.repetitionPenalty = repetitionPenalty;
    builder.seed = seed;
    builder.parallelToolCalls = parallelToolCalls.orElse(null);
    builder.responseFormat = responseFormat;
    builder.reasoning = reasoning.orElse(null);
    builder.cachePrompt = cachePrompt.orElse(null);
    builder.rawProviderOptions = rawProviderOptions.orElse(null);
    return builder;
  }

  /** Sets options one by one; {@link #build} checks them. */
  public static final class Builder {
    private OptionalDouble temperature = OptionalDouble.empty();
    private OptionalDouble topP = OptionalDouble.empty();
    private OptionalInt topK = OptionalInt.empty();
    private OptionalInt maxTokens = OptionalInt.empty();
    private List<String> stop = List.of();
    private OptionalDouble frequencyPenalty = OptionalDouble.empty();
    private OptionalDouble presencePenalty = OptionalDouble.empty();
    private OptionalDouble repetitionPenalty = OptionalDouble.empty();
    private OptionalLong seed = OptionalLong.empty();
    private @Nullable Boolean parallelToolCalls;
    private ResponseFormat responseFormat = new ResponseFormat.PlainText();
    private @Nullable ReasoningOptions reasoning;
    private @Nullable Boolean cachePrompt;
    private @Nullable String rawProviderOptions;

    private Builder() {}

    public Builder temperature(double value) {
      temperature = OptionalDouble.of(value);
      return this;
    }

    public Builder topP(double value) {
      topP = OptionalDouble.of(value);
      return this;
    }

    public Builder topK(int value) {
      topK = OptionalInt.of(value);
      return this;
    }

    public Builder maxTokens(int value) {
      maxTokens = OptionalInt.of(value);
      return this;
    }

    public Builder stop(String... sequences) {
      stop = List.of(sequences);
      return this;
    }

    public Builder frequencyPenalty(double value) {
      frequencyPenalty = OptionalDouble.of(value);
      return this;
    }

    public Builder presencePenalty(double value) {
      presencePenalty = OptionalDouble.of(value);
      return this;
    }

    public Builder repetitionPenalty(double value) {
      repetitionPenalty = OptionalDouble.of(value);
      return this;
    }

    public Builder seed(long value) {
      seed = OptionalLong.of(value);
      return this;
    }

    public Builder parallelToolCalls(boolean value) {
      parallelToolCalls = value;
      return this;
    }

    public Builder responseFormat(ResponseFormat format) {
      responseFormat = format;
      return this;
    }

    public Builder reasoning(ReasoningOptions options) {
      reasoning = options;
      return this;
    }

    public Builder cachePrompt(boolean value) {
      cachePrompt = value;
      return this;
    }

    public Builder rawProviderOptions(String json) {
      rawProviderOptions = json;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option whose value is not allowed
     */
    public ChatOptions build() {
      return new ChatOptions(
          temperature,
          topP,
          topK,
          maxTokens,
          stop,
          frequencyPenalty,
          presencePenalty,
          repetitionPenalty,
          seed,
          Optional.ofNullable(parallelToolCalls),
          responseFormat,
          Optional.ofNullable(reasoning),
          Optional.ofNullable(cachePrompt),
          Optional.ofNullable(rawProviderOptions));
    }
  }
}
