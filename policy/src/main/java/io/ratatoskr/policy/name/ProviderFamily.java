package io.ratatoskr.policy.name;

import io.ratatoskr.schemas.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whose models a pool serves, as far as names tell. */
public enum ProviderFamily {
  /** Engines of this pipeline, which serve the models that they name. */
  LOCAL(List.of(), "local models"),
  /** OpenAI. */
  OPENAI(List.of("gpt-", "chatgpt-", "o1", "o3", "o4"), "OpenAI"),
  /** Anthropic. */
  ANTHROPIC(List.of("claude-"), "Anthropic"),
  /** Google. */
  GOOGLE(List.of("gemini-"), "Google"),
  /** Servers that speak Ollama's API; their models have tags. */
  OLLAMA(List.of(), "Ollama"),
  /** OpenRouter, which serves the models of many makers as {@code maker/model}. */
  OPENROUTER(List.of(), "OpenRouter"),
  /** Any other provider. */
  OTHER(List.of(), "a provider");

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<String> beginnings;

  private final String title;

  ProviderFamily(List<String> beginnings, String title) {
    this.beginnings = beginnings;
    this.title = title;
  }

  /**
   * The family of a pool. Engines share their work; a provider's is claimed. Its workers say whose
   * models they serve; where they do not its name does: {@code ollama}, or {@code ollama-gpu1}
   * where there are several.
   *
   * @param maker what its workers say; empty where they say nothing
   */
  public static ProviderFamily of(WorkerPool pool, String maker) {
    return pool.taking() == WorkerPool.Taking.SHARED
        ? LOCAL
        : ofMaker(maker.isEmpty() ? pool.name().split("-", 2)[0] : maker).orElse(OTHER);
  }

  /**
   * The family of that maker, as in {@code maker/model}; none for {@code local} and {@code other}.
   */
  static Optional<ProviderFamily> ofMaker(String maker) {
    return Arrays.stream(values())
        .filter(family -> family != LOCAL && family != OTHER)
        .filter(family -> family.maker().equals(maker))
        .findFirst();
  }

  /** Whose model has a name of that form, if it tells. */
  static Optional<ProviderFamily> ofModel(String model) {
    return Arrays.stream(values())
        .filter(family -> family.beginnings.stream().anyMatch(begin -> begins(model, begin)))
        .findFirst();
  }

  /**
   * Whether a name begins so, whole up to a hyphen: {@code o1} is in o1 and o1-mini, not in o1x.
   */
  private static boolean begins(String model, String begin) {
    return model.startsWith(begin)
        && (begin.endsWith("-")
            || model.length() == begin.length()
            || model.startsWith(begin + "-"));
  }

  /** The first part of its models' names at OpenRouter. */
  String maker() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its name for people. */
  String title() {
    return title;
  }
}
