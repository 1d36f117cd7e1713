package io.ratatoskr.policy.name;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whose models a pool serves, as far as their names tell. */
public enum ProviderFamily {
  /** Engines of this pipeline, which serve the models that they name. */
  LOCAL(List.of(), List.of(), "local models"),
  /** OpenAI. */
  OPENAI(List.of("gpt-", "chatgpt-", "o1", "o3", "o4"), List.of("api.openai.com"), "OpenAI"),
  /** Anthropic. */
  ANTHROPIC(List.of("claude-"), List.of("api.anthropic.com"), "Anthropic"),
  /** Google. */
  GOOGLE(List.of("gemini-"), List.of("generativelanguage.googleapis.com"), "Google"),
  /** Servers that speak Ollama's API; their models have tags. */
  OLLAMA(List.of(), List.of(), "Ollama"),
  /** OpenRouter, which serves the models of many makers as {@code maker/model}. */
  OPENROUTER(List.of(), List.of("openrouter.ai"), "OpenRouter"),
  /** Any other provider. */
  OTHER(List.of(), List.of(), "a provider");

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<String> beginnings;

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<String> hosts;

  private final String title;

  ProviderFamily(List<String> beginnings, List<String> hosts, String title) {
    this.beginnings = beginnings;
    this.hosts = hosts;
    this.title = title;
  }

  /**
   * The family of a configured provider: by its host; else, where it speaks a language of one
   * family alone, by that; else by its name.
   *
   * @param name of the provider, which is also its pool's
   * @param type its language, as in the configuration: {@code openai}, {@code ollama}, {@code
   *     anthropic}
   * @param host of its base URL
   */
  public static ProviderFamily of(String name, String type, String host) {
    String place = host.toLowerCase(Locale.ROOT);
    return ofHost(place)
        .or(() -> type.equals("openai") ? Optional.empty() : ofMaker(type))
        .or(() -> ofMaker(name))
        .orElse(OTHER);
  }

  private static Optional<ProviderFamily> ofHost(String host) {
    return Arrays.stream(values())
        .filter(family ->
            family.hosts.stream().anyMatch(own -> host.equals(own) || host.endsWith("." + own)))
        .findFirst();
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
