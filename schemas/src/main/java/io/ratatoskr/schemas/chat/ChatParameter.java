package io.ratatoskr.schemas.chat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** The options of a chat that a model or provider may not take. */
public enum ChatParameter {
  TEMPERATURE(options -> options.temperature().isPresent()),
  TOP_P(options -> options.topP().isPresent()),
  TOP_K(options -> options.topK().isPresent()),
  MAX_TOKENS(options -> options.maxTokens().isPresent()),
  STOP(options -> !options.stop().isEmpty()),
  FREQUENCY_PENALTY(options -> options.frequencyPenalty().isPresent()),
  PRESENCE_PENALTY(options -> options.presencePenalty().isPresent()),
  REPETITION_PENALTY(options -> options.repetitionPenalty().isPresent()),
  SEED(options -> options.seed().isPresent()),
  PARALLEL_TOOL_CALLS(options -> options.parallelToolCalls().isPresent()),
  RESPONSE_FORMAT(options -> !(options.responseFormat() instanceof ResponseFormat.PlainText)),
  REASONING(options -> options.reasoning().isPresent()),
  CACHE_PROMPT(options -> options.cachePrompt().isPresent()),
  RAW_PROVIDER_OPTIONS(options -> options.rawProviderOptions().isPresent());

  @SuppressWarnings("ImmutableEnumChecker") // Lambdas without state.
  private final Predicate<ChatOptions> set;

  ChatParameter(Predicate<ChatOptions> set) {
    this.set = set;
  }

  /** The name in errors and pages, such as {@code top_p}. */
  public String parameterName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Those that a request sets. */
  static Set<ChatParameter> setIn(ChatOptions options) {
    EnumSet<ChatParameter> all = EnumSet.allOf(ChatParameter.class);
    all.removeIf(parameter -> !parameter.set.test(options));
    return all;
  }
}
