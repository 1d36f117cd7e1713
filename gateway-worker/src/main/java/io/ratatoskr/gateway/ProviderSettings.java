package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.Price;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The keys of a configuration file that name providers. */
public final class ProviderSettings {
  private static final ProviderLimits LIMITS = ProviderLimits.defaults();
  private static final ProviderTimeouts TIMEOUTS = ProviderTimeouts.defaults();
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** Whether what a provider is sent leaves this deployment. */
  private enum Where {
    AUTO,
    LOCAL,
    REMOTE
  }

  private static final Setting<String> NAME =
      Setting.text(
          "providers.name",
          "",
          "lower-case letters, digits, '_', '-', at most 64",
          ProviderConfig::isName,
          "Names the provider in answers, metrics and logs, and the pool that is its own.");
  private static final Setting<ProviderType> TYPE =
      Setting.choice(
          "providers.type",
          ProviderType.OPENAI,
          "The language it speaks: chat completions of OpenAI and of the many servers that are"
              + " compatible with it, Ollama's own, or Anthropic's messages.");
  private static final Setting<String> BASE_URL =
      Setting.text(
          "providers.base-url",
          "",
          "a URL, or empty",
          text -> true,
          "Where its API begins, such as `http://127.0.0.1:8080/v1`; https, or http on this machine"
              + " alone. Empty is the type's own.");
  private static final Setting<String> KEY =
      Setting.text(
              "providers.key",
              "",
              "a key, or empty",
              text -> true,
              "Its key, where it wants one. It belongs in `~/.ratatoskr/secrets.toml`, or in the"
                  + " environment: `\"${OPENAI_API_KEY}\"`.")
          .hidden();
  private static final Setting<Where> LOCATION =
      Setting.choice(
          "providers.location",
          Where.AUTO,
          "Whether what it is sent stays on this deployment's own machines. A remote one is asked"
              + " only where a request's data policy allows it. auto: local where its URL is on"
              + " this machine.");
  private static final Setting<List<String>> MODELS =
      Setting.list(
          "providers.models",
          List.of(),
          "its names of models",
          text -> !text.isBlank(),
          "The models that it is asked for; empty is any. The first one is the default of"
              + " `./ratatoskr chat`.");
  private static final Setting<List<String>> EMBEDDING_MODELS =
      Setting.list(
          "providers.embedding-models",
          List.of(),
          "its names of models",
          text -> !text.isBlank(),
          "Its models that make vectors, which nothing else is asked of; types openai and ollama."
              + " Empty is none; of an Ollama server without `models` those that it says make"
              + " vectors.");
  private static final Setting<Integer> TEXTS_PER_CALL =
      Setting.integer(
          "providers.texts-per-call",
          ProviderEmbeddings.TEXTS_PER_CALL,
          1,
          10_000,
          "Most texts that it takes in one call for vectors.");
  private static final Setting<List<String>> JUDGES =
      Setting.list(
          "providers.judges",
          List.of(),
          "of its models",
          text -> !text.isBlank(),
          "Those of its models that may be asked by a prompt for `nli` and `classify`, where no"
              + " model made for them answers: see"
              + " [routing](routing.md#language-models-as-judges).");
  private static final Setting<Map<String, Integer>> CONTEXT =
      Setting.table(
          "providers.context",
          List.of(),
          "tokens by model",
          (model, text) -> Integer.valueOf(text),
          "Most tokens of prompt and answer, by model: `\"gpt-4.1\" = 1000000`.");
  private static final Setting<Map<String, Double>> PROMPT_PRICE =
      Setting.table(
          "providers.prompt-price",
          List.of(),
          "a price by model",
          (model, text) -> Double.valueOf(text),
          "Price of a million tokens of a prompt, by model, in the money of your choice.");
  private static final Setting<Map<String, Double>> ANSWER_PRICE =
      Setting.table(
          "providers.answer-price",
          List.of(),
          "a price by model",
          (model, text) -> Double.valueOf(text),
          "Price of a million tokens of an answer, by model; both prices or none.");
  private static final Setting<Integer> CONCURRENT =
      Setting.integer(
          "providers.concurrent",
          LIMITS.concurrent(),
          1,
          10_000,
          "Most calls at once; adapts below it to what the provider takes.");
  private static final Setting<Integer> PER_MINUTE =
      Setting.integer(
          "providers.requests-per-minute", 0, 0, 10_000_000, "Most calls a minute; 0 is no limit.");
  private static final Setting<Integer> BURST =
      Setting.integer(
          "providers.burst",
          LIMITS.burst(),
          1,
          100_000,
          "Most calls at once after a pause, where there is a limit a minute.");
  private static final Setting<Integer> TOKENS_PER_MINUTE =
      Setting.integer(
          "providers.tokens-per-minute",
          0,
          0,
          Integer.MAX_VALUE,
          "Most tokens of requests and answers a minute, guessed before a call and put right after"
              + " it; 0 is no limit.");
  private static final Setting<Integer> MODELS_AT_ONCE =
      Setting.integer(
          "providers.models-at-once",
          LIMITS.modelsAtOnce(),
          1,
          1_000,
          "Models that an Ollama server is asked for at once, since it loads a model anew that it"
              + " does not hold; as many as fit into its memory together.");
  private static final Setting<Duration> QUEUE_TIMEOUT =
      Setting.duration(
          "providers.queue-timeout",
          LIMITS.queueTimeout(),
          Duration.ZERO,
          LONGEST,
          "Longest wait of a call for its place.");
  private static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration(
          "providers.connect-timeout",
          TIMEOUTS.connect(),
          SHORTEST,
          LONGEST,
          "Longest wait for a connection.");
  private static final Setting<Duration> READ_TIMEOUT =
      Setting.duration(
          "providers.read-timeout",
          TIMEOUTS.read(),
          SHORTEST,
          LONGEST,
          "Longest silence of the provider, before the first byte of an answer too.");
  private static final Setting<Duration> WRITE_TIMEOUT =
      Setting.duration(
          "providers.write-timeout",
          TIMEOUTS.write(),
          SHORTEST,
          LONGEST,
          "Longest time until the provider takes a part of a request.");

  /** Whether a provider is told of traces. */
  private enum Traced {
    AUTO,
    ON,
    OFF
  }

  private static final Setting<Traced> TRACED =
      Setting.choice(
          "providers.trace",
          Traced.AUTO,
          "Whether the trace of a request, its header `traceparent`, goes on to the provider, with"
              + " a span of the call. auto: where the provider is local.");

  /** The section of a configuration file: an entry for each provider. */
  public static final Section SECTION =
      new Section(
          "providers",
          "Who is called for chat, generation and vectors, for `serve gateway`, `up`, `chat`,"
              + " `generate` and `embed`, and for routers, which send each provider's work to a"
              + " pool of its name. `topics create` makes the topics of these pools. See"
              + " [providers](providers.md).",
          List.of(
              NAME,
              TYPE,
              BASE_URL,
              KEY,
              LOCATION,
              MODELS,
              EMBEDDING_MODELS,
              TEXTS_PER_CALL,
              JUDGES,
              CONTEXT,
              PROMPT_PRICE,
              ANSWER_PRICE,
              CONCURRENT,
              PER_MINUTE,
              BURST,
              TOKENS_PER_MINUTE,
              MODELS_AT_ONCE,
              QUEUE_TIMEOUT,
              CONNECT_TIMEOUT,
              READ_TIMEOUT,
              WRITE_TIMEOUT,
              TRACED),
          new Section.Repetition(
              List.of(),
              Map.of(
                  NAME.key(), new RawValue.Text("ollama"),
                  TYPE.key(), new RawValue.Text("ollama"),
                  MODELS.key(), new RawValue.Many(List.of("llama3.2"))),
              true));

  private ProviderSettings() {}

  /**
   * The providers of a configuration, in their order.
   *
   * @throws InvalidSettingException naming the key, its place and what it takes
   */
  public static List<ProviderConfig> of(Values values) {
    return values.entries(SECTION).stream().map(ProviderSettings::provider).toList();
  }

  private static ProviderConfig provider(Values entry) {
    return entry.locate(() -> {
      ProviderType type = TYPE.of(entry);
      URI url = url(BASE_URL.of(entry), type);
      String key = KEY.of(entry);
      try {
        return new ProviderConfig(
            NAME.of(entry),
            type,
            url,
            key.isEmpty() ? Optional.empty() : Optional.of(Secret.of(key)),
            location(entry, url),
            models(entry),
            new ProviderEmbeddings(EMBEDDING_MODELS.of(entry), TEXTS_PER_CALL.of(entry)),
            limits(entry),
            new ProviderTimeouts(
                CONNECT_TIMEOUT.of(entry), READ_TIMEOUT.of(entry), WRITE_TIMEOUT.of(entry)),
            traced(entry, url));
      } catch (InvalidSettingException e) {
        throw e;
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException(NAME.key(), String.valueOf(e.getMessage()));
      }
    });
  }

  private static URI url(String text, ProviderType type) {
    if (text.isEmpty()) {
      return type.defaultBaseUrl();
    }
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(BASE_URL.key(), "is no URL: " + e.getMessage());
    }
  }

  private static Location location(Values entry, URI url) {
    return switch (LOCATION.of(entry)) {
      case AUTO -> ProviderConfig.locationOf(url);
      case LOCAL -> Location.LOCAL;
      case REMOTE -> Location.REMOTE;
    };
  }

  private static boolean traced(Values entry, URI url) {
    return switch (TRACED.of(entry)) {
      case AUTO -> location(entry, url) == Location.LOCAL;
      case ON -> true;
      case OFF -> false;
    };
  }

  private static List<ProviderModel> models(Values entry) {
    Map<String, Integer> contexts = CONTEXT.of(entry);
    Map<String, Double> prompts = PROMPT_PRICE.of(entry);
    Map<String, Double> answers = ANSWER_PRICE.of(entry);
    List<String> names = MODELS.of(entry);
    List<String> judges = JUDGES.of(entry);
    check(CONTEXT, contexts.keySet(), names);
    check(PROMPT_PRICE, prompts.keySet(), names);
    check(ANSWER_PRICE, answers.keySet(), names);
    check(JUDGES, judges, names);
    return names.stream()
        .map(name -> {
          Integer context = contexts.get(name);
          Double prompt = prompts.get(name);
          Double answer = answers.get(name);
          if ((prompt == null) != (answer == null)) {
            throw new InvalidSettingException(
                (prompt == null ? PROMPT_PRICE : ANSWER_PRICE).key(),
                "'" + name + "' has the other price only; give both");
          }
          return new ProviderModel(
              name,
              context == null ? OptionalInt.empty() : OptionalInt.of(context),
              prompt == null || answer == null
                  ? Optional.empty()
                  : Optional.of(new Price(prompt, answer)),
              judges.contains(name));
        })
        .toList();
  }

  private static void check(Setting<?> setting, Collection<String> named, List<String> models) {
    for (String model : named) {
      if (!models.contains(model)) {
        throw new InvalidSettingException(
            setting.key(), "'%s' is not among %s".formatted(model, MODELS.key()));
      }
    }
  }

  private static ProviderLimits limits(Values entry) {
    int perMinute = PER_MINUTE.of(entry);
    int tokens = TOKENS_PER_MINUTE.of(entry);
    return new ProviderLimits(
        CONCURRENT.of(entry),
        perMinute == 0 ? OptionalDouble.empty() : OptionalDouble.of(perMinute / 60.0),
        BURST.of(entry),
        tokens == 0 ? OptionalLong.empty() : OptionalLong.of(tokens),
        QUEUE_TIMEOUT.of(entry),
        MODELS_AT_ONCE.of(entry));
  }
}
