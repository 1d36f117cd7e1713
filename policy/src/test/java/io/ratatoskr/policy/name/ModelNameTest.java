package io.ratatoskr.policy.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNameTest {
  private static final ModelAliases ALIASES =
      new ModelAliases(
          Map.of(
              "fast", "llama3.2:3b",
              "best", "openai/gpt-4.1",
              "default", "fast",
              "cheap", "ratatoskr:free/text-generation",
              "whatever", "auto",
              "gpt-4", "claude-sonnet-4",
              "mini", "nobody-has-it",
              "shadowed", "gpt-4.1"));

  /** A deployment with every kind of server. */
  private static final ModelServers ALL =
      servers(
          "embed:LOCAL:all-minilm-l6-v2-q,bge-small-en-v1.5,shadowed",
          "openai:OPENAI:gpt-4.1",
          "claude:ANTHROPIC:claude-opus-4",
          "claude-eu:ANTHROPIC:",
          "gemini:GOOGLE:",
          "ollama:OLLAMA:llama3.2:3b,qwen3:8b",
          "ollama-2:OLLAMA:",
          "openrouter:OPENROUTER:deepseek/deepseek-chat,openai/gpt-5",
          "vllm:OTHER:Qwen/Qwen3-32B");

  /** One with local engines alone, one with OpenRouter beside them. */
  private static final ModelServers LOCAL =
      servers("embed:LOCAL:all-minilm-l6-v2-q", "nli:LOCAL:nli-minilm-l6");

  private static final ModelServers ROUTED =
      servers("embed:LOCAL:all-minilm-l6-v2-q", "openrouter:OPENROUTER:");

  private static ModelServers servers(String... pools) {
    Map<String, ProviderFamily> families = new LinkedHashMap<>();
    Map<String, Collection<String>> models = new LinkedHashMap<>();
    for (String pool : pools) {
      String[] parts = pool.split(":", 3);
      families.put(parts[0], ProviderFamily.valueOf(parts[1]));
      models.put(parts[0], parts[2].isEmpty() ? List.of() : List.of(parts[2].split(",", -1)));
    }
    return new ModelServers(families, models);
  }

  private static String shown(ModelTarget target) {
    return switch (target) {
      case ModelTarget.Exact exact -> exact.model();
      case ModelTarget.AtPools at -> String.join(" ", at.pools()) + " <- " + at.model();
      case ModelTarget.AtPreset preset -> "preset " + preset.tier() + " " + preset.slot();
      case ModelTarget.Auto auto -> "auto";
      case ModelTarget.Nothing nothing -> nothing.error().code().wireName();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // Presets and the choice of the policy.
        "ratatoskr:free/coding | preset free coding | 'ratatoskr:' begins the name of a preset",
        "ratatoskr:mine/some.slot | preset mine some.slot | 'ratatoskr:' begins",
        "ratatoskr:free | PresetNotFound | 'ratatoskr:free' is no preset: write"
            + " ratatoskr:TIER/SLOT",
        "ratatoskr: | PresetNotFound | 'ratatoskr:' is no preset",
        "ratatoskr:free/ | PresetNotFound | 'ratatoskr:free/' is no preset",
        "ratatoskr:/coding | PresetNotFound | 'ratatoskr:/coding' is no preset",
        "ratatoskr:a/b/c | PresetNotFound | 'ratatoskr:a/b/c' is no preset",
        "auto | auto | 'auto' leaves the choice to the policy",
        "AUTO | AUTO | no worker names 'AUTO'",
        "ratatoskr | ratatoskr | no worker names 'ratatoskr'",
        // Ids that are served.
        "gpt-4.1 | gpt-4.1 | a worker names 'gpt-4.1'",
        "  gpt-4.1  | gpt-4.1 | a worker names 'gpt-4.1'",
        "llama3.2:3b | llama3.2:3b | a worker names",
        "Qwen/Qwen3-32B | Qwen/Qwen3-32B | a worker names",
        "openai/gpt-5 | openai/gpt-5 | a worker names 'openai/gpt-5'",
        "deepseek/deepseek-chat | deepseek/deepseek-chat | a worker names",
        "claude-opus-4 | claude-opus-4 | a worker names",
        "shadowed | shadowed | a worker names 'shadowed'",
        // Aliases.
        "fast | llama3.2:3b | alias 'fast' is 'llama3.2:3b'; a worker names 'llama3.2:3b'",
        "default | llama3.2:3b | alias 'default' is 'fast'; alias 'fast' is 'llama3.2:3b'; a"
            + " worker",
        "best | openai <- gpt-4.1 | alias 'best' is 'openai/gpt-4.1'; 'openai' is a pool",
        "cheap | preset free text-generation | alias 'cheap' is 'ratatoskr:free/text-generation'; ",
        "whatever | auto | alias 'whatever' is 'auto'; 'auto' leaves",
        "gpt-4 | claude claude-eu <- claude-sonnet-4 | alias 'gpt-4' is 'claude-sonnet-4'; ",
        "mini | nobody-has-it | alias 'mini' is 'nobody-has-it'; no worker names",
        "Fast | Fast | no worker names 'Fast'",
        // Pools and makers before the slash.
        "openai/gpt-4o | openai <- gpt-4o | 'openai' is a pool",
        "vllm/any | vllm <- any | 'vllm' is a pool",
        "embed/all-minilm-l6-v2-q | embed <- all-minilm-l6-v2-q | 'embed' is a pool",
        "ollama-2/qwen3:8b | ollama-2 <- qwen3:8b | 'ollama-2' is a pool",
        "openrouter/openai/gpt-4o | openrouter <- openai/gpt-4o | 'openrouter' is a pool",
        "openrouter/auto | openrouter <- auto | 'openrouter' is a pool",
        "anthropic/claude-sonnet-4 | claude claude-eu <- claude-sonnet-4 | 'anthropic' is the"
            + " maker",
        "google/gemini-3-pro | gemini <- gemini-3-pro | 'google' is the maker",
        // Local models by the names of their makers.
        "sentence-transformers/all-MiniLM-L6-v2-q | all-minilm-l6-v2-q | 'all-minilm-l6-v2-q' is a"
            + " local",
        "sentence-transformers/bge-small-en-v1.5 | bge-small-en-v1.5 | is a local model",
        "sentence-transformers/other | openrouter <- sentence-transformers/other | OpenRouter"
            + " names",
        "Sentence-Transformers/all-minilm-l6-v2-q | openrouter <-"
            + " Sentence-Transformers/all-minilm-l6-v2-q | OpenRouter",
        // The forms of names.
        "hf.co/bartowski/Llama:Q4 | ollama ollama-2 <- hf.co/bartowski/Llama:Q4 | Ollama takes"
            + " models of",
        "mistralai/mistral-small:free | openrouter <- mistralai/mistral-small:free | OpenRouter"
            + " names",
        "meta-llama/llama-3.3-70b | openrouter <- meta-llama/llama-3.3-70b | OpenRouter names",
        "gpt-4o-mini | openai <- gpt-4o-mini | 'gpt-4o-mini' is a name of OpenAI's",
        "o1 | openai <- o1 | is a name of OpenAI's",
        "o3-mini | openai <- o3-mini | is a name of OpenAI's",
        "o3x | o3x | no worker names 'o3x', but one may take it",
        "gpt | gpt | no worker names 'gpt'",
        "claude-sonnet-4 | claude claude-eu <- claude-sonnet-4 | is a name of Anthropic's",
        "gemini-3-flash | gemini <- gemini-3-flash | is a name of Google's",
        "mistral:7b | ollama ollama-2 <- mistral:7b | NAME:TAG is a name of Ollama's",
        "mistral | mistral | no worker names 'mistral', but one may take it",
        ":7b | :7b | no worker names",
        "/x | /x | no worker names",
        "x/ | x/ | no worker names",
      })
  void meansByTheTable(String name, String expected, String reason) {
    ModelTarget target = new ModelName(name).resolve(ALIASES, ALL);

    assertThat(shown(target)).isEqualTo(expected);
    assertThat(target.reason()).contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt-4o | gpt-4o | openrouter <- openai/gpt-4o",
        "claude-sonnet-4 | claude-sonnet-4 | openrouter <- anthropic/claude-sonnet-4",
        "gemini-3-pro | gemini-3-pro | openrouter <- google/gemini-3-pro",
        "openai/gpt-4o | openai/gpt-4o | openrouter <- openai/gpt-4o",
        "openrouter/auto | openrouter/auto | openrouter <- auto",
        "mistral:7b | mistral:7b | mistral:7b",
        "hf.co/a/b:Q4 | hf.co/a/b:Q4 | openrouter <- hf.co/a/b:Q4",
        "sentence-transformers/all-minilm-l6-v2-q | all-minilm-l6-v2-q | all-minilm-l6-v2-q",
        "sentence-transformers/x | sentence-transformers/x | openrouter <- sentence-transformers/x",
        "embed/x | embed <- x | embed <- x",
        "nli/x | nli <- x | openrouter <- nli/x",
        "ollama/x:1 | ollama/x:1 | openrouter <- ollama/x:1",
      })
  void rowsAboutPoolsThatAreNotThereAreSkipped(String name, String local, String routed) {
    ModelName model = new ModelName(name);

    assertThat(shown(model.resolve(ModelAliases.none(), LOCAL))).isEqualTo(local);
    assertThat(shown(model.resolve(ModelAliases.none(), ROUTED))).isEqualTo(routed);
  }

  @Test
  void whatIsServedIsWhatTheCatalogSays() {
    CatalogSnapshot catalog =
        new CatalogSnapshot(
            Map.of(),
            Map.of(
                "embed",
                new CatalogSnapshot.Pool(1, Set.of("Mine", "mine-2"), Set.of(), Map.of()),
                "stranger",
                new CatalogSnapshot.Pool(1, Set.of("theirs"), Set.of(), Map.of())),
            true);
    ModelServers servers = ModelServers.of(Map.of("embed", ProviderFamily.LOCAL), catalog);

    assertThat(servers.serves("mine-2")).isTrue();
    assertThat(servers.serves("theirs")).isFalse();
    assertThat(servers.local("mine")).contains("Mine");
    assertThat(servers.hasPool("stranger")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "ollama, CLAIMED, OLLAMA",
    "ollama-gpu1, CLAIMED, OLLAMA",
    "openai-eu, CLAIMED, OPENAI",
    "openaix, CLAIMED, OTHER",
    "mine, CLAIMED, OTHER",
    "local, CLAIMED, OTHER",
    "openai, SHARED, LOCAL",
  })
  void aPoolsFamilyIsKnownByItsQueueAndName(
      String name, WorkerPool.Taking taking, ProviderFamily family) {
    WorkerPool pool =
        new WorkerPool(
            name, Set.of(Capability.CHAT), taking, Duration.ofSeconds(1), Location.LOCAL);

    assertThat(ProviderFamily.of(pool, "")).isEqualTo(family);
  }

  @Test
  void aBlankNameIsRefused() {
    assertThatThrownBy(() -> new ModelName("  ")).hasMessage("the name of a model is blank");
  }

  @Test
  void poolsOfAFamilyKeepTheirOrder() {
    List<String> names = new ArrayList<>();
    for (int i = 20; i > 0; i--) {
      names.add("pool-" + i);
    }
    ModelServers many =
        servers(names.stream().map(name -> name + ":OLLAMA:").toArray(String[]::new));

    assertThat(many.pools(ProviderFamily.OLLAMA)).containsExactlyElementsOf(names);
  }
}
