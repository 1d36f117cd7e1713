package io.ratatoskr.policy.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.policy.name.ModelAliases;
import io.ratatoskr.policy.name.ModelServers;
import io.ratatoskr.policy.name.ModelTarget;
import io.ratatoskr.policy.name.ProviderFamily;
import io.ratatoskr.policy.task.TaskClass;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ReasoningEffort;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.TomlSource;
import io.ratatoskr.settings.TomlText;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetsTest {
  private static final KnownSettings KNOWN =
      new KnownSettings(List.of(ModelAliases.SECTION, Presets.SECTION), Map.of());

  @TempDir private Path folder;

  private Values values(String toml) throws IOException {
    Path file = folder.resolve("policy.toml");
    Files.writeString(file, toml);
    return TomlSource.read(file, KNOWN, Map.of());
  }

  private static Preset named(Presets presets, String tier, String slot) {
    return presets.named(tier, slot).orElseThrow();
  }

  @Test
  void tiersAndSlotsAreBuiltIn_withoutModels() {
    Presets standard = Presets.standard();

    assertThat(standard.all()).hasSize(20).allSatisfy(one -> assertThat(one.models()).isEmpty());
    assertThat(standard.all())
        .extracting(Preset::tier)
        .containsOnly("free", "budget", "mid", "premium");
    assertThat(named(standard, "premium", "agentic").criteria())
        .isEqualTo(new PresetCriteria(CostTier.HIGH, TaskClass.TOOL_USE, true));
    assertThat(named(standard, "free", "embedding").capabilities())
        .containsExactly(Capability.EMBED);
    assertThat(named(standard, "budget", "coding").options())
        .isEqualTo(ChatOptions.builder().temperature(0.3).topP(0.95).build());
    assertThat(named(standard, "mid", "coding").options()).isEqualTo(ChatOptions.defaults());
  }

  @Test
  void everyKeyIsRead() throws IOException {
    Presets presets =
        Presets.of(
            values(
                """
                [routing.aliases]
                fast = "llama3.2:3b"

                [[presets]]
                name = "mine/chat.1"
                capabilities = ["chat"]
                models = ["fast", "openai/gpt-4.1"]
                cost-tier = "high"
                task-class = "creative"
                tools = true
                temperature = 0.5
                top-p = 0.9
                top-k = 40
                max-tokens = 1000
                frequency-penalty = -1
                presence-penalty = 1.5
                seed = 42
                stop = ["END"]
                reasoning-effort = "low"
                """));
    Preset mine = named(presets, "mine", "chat.1");

    assertThat(mine.capabilities()).isEqualTo(Set.of(Capability.CHAT));
    assertThat(mine.criteria())
        .isEqualTo(new PresetCriteria(CostTier.HIGH, TaskClass.CREATIVE, true));
    assertThat(mine.options())
        .isEqualTo(
            ChatOptions.builder()
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .maxTokens(1000)
                .frequencyPenalty(-1)
                .presencePenalty(1.5)
                .seed(42)
                .stop("END")
                .reasoning(ReasoningOptions.of(ReasoningEffort.LOW))
                .build());
    assertThat(presets.all()).hasSize(21).last().isEqualTo(mine);
    assertThat(mine.choice()).isEqualTo("fast, openai/gpt-4.1");
  }

  @Test
  void itsModelsAreResolvedInTheirOrder() throws IOException {
    Values values =
        values(
            """
            [routing.aliases]
            fast = "llama3.2:3b"

            [[presets]]
            name = "mine/chat"
            models = ["fast", "openai/gpt-4.1", "local-one"]
            """);
    ModelServers servers =
        new ModelServers(
            Map.of("ollama", ProviderFamily.OLLAMA, "openai", ProviderFamily.OPENAI), Map.of());

    List<ModelTarget> targets =
        named(Presets.of(values), "mine", "chat").targets(ModelAliases.of(values), servers);

    assertThat(targets)
        .satisfiesExactly(
            first -> {
              ModelTarget.AtPools at = (ModelTarget.AtPools) first;
              assertThat(at.pools()).containsExactly("ollama");
              assertThat(at.model()).isEqualTo("llama3.2:3b");
            },
            second -> {
              ModelTarget.AtPools at = (ModelTarget.AtPools) second;
              assertThat(at.pools()).containsExactly("openai");
              assertThat(at.model()).isEqualTo("gpt-4.1");
            },
            third -> assertThat(((ModelTarget.Exact) third).model()).isEqualTo("local-one"));
    assertThat(named(Presets.standard(), "free", "coding").targets(ModelAliases.none(), servers))
        .isEmpty();
  }

  @Test
  void anEntryReplacesTheBuiltInOneAsAWhole() throws IOException {
    Presets presets =
        Presets.of(values("[[presets]]\nname = \"budget/coding\"\nmodels = [\"x\"]\n"));
    Preset coding = named(presets, "budget", "coding");

    assertThat(coding.options()).isEqualTo(ChatOptions.defaults());
    assertThat(coding.criteria())
        .isEqualTo(new PresetCriteria(CostTier.MEDIUM, TaskClass.GENERAL, false));
    assertThat(presets.all()).hasSize(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "free | codign | CHAT | there is no preset 'free/codign'; did you mean 'free/coding'?; for"
            + " chat there are free/agentic, free/coding, ",
        "gold | coding | CHAT | there is no preset 'gold/coding'; for chat there are free/agentic,"
            + " ",
        "free | embedding | CHAT | preset 'free/embedding' serves embed, not chat; for chat there"
            + " are ",
        "free | coding | EMBED | preset 'free/coding' serves chat, generate, not embed; for embed"
            + " there are free/embedding, budget/embedding, ",
        "free | coding | NLI | preset 'free/coding' serves chat, generate, not nli; for nli there"
            + " are none"
      })
  void oneThatIsNotThereIsRefusedWithThoseThatAre(
      String tier, String slot, Capability capability, String message) {
    assertThat(Presets.standard().find(tier, slot, capability))
        .isInstanceOfSatisfying(
            PresetChoice.Missing.class,
            missing -> {
              InferenceError error = missing.error();
              assertThat(error.code()).isEqualTo(ErrorCode.PRESET_NOT_FOUND);
              assertThat(error.message()).startsWith(message.strip());
              assertThat(error.details()).containsEntry("tier", tier);
            });
  }

  @Test
  void oneThatIsThereIsFound() {
    Presets standard = Presets.standard();

    assertThat(standard.find("ratatoskr:free/coding", Capability.CHAT))
        .isEqualTo(new PresetChoice.Found(named(standard, "free", "coding")));
    assertThat(standard.find("fast", Capability.EMBED))
        .isInstanceOfSatisfying(
            PresetChoice.Missing.class,
            missing ->
                assertThat(missing.error().message())
                    .startsWith(
                        "'fast' is no preset: its name is TIER/SLOT; for embed there are "));

    assertThat(standard.find("mid", "summariser", Capability.GENERATE))
        .isEqualTo(new PresetChoice.Found(named(standard, "mid", "summariser")));
  }

  @ParameterizedTest
  @CsvSource({
    "FREE, true, FREE, true, true",
    "FREE, true, FREE, false, false",
    "FREE, false, LOW, true, false",
    "MEDIUM, false, FREE, false, true",
    "MEDIUM, false, MEDIUM, false, true",
    "MEDIUM, false, HIGH, true, false",
  })
  void criteriaAdmitWhatCostsNoMoreAndTakesTools(
      CostTier most, boolean tools, CostTier cost, boolean takesTools, boolean admitted) {
    PresetCriteria criteria = new PresetCriteria(most, TaskClass.GENERAL, tools);

    assertThat(criteria.admits(cost, takesTools)).isEqualTo(admitted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "name = 'coding' | :2:1: presets.name: must be a text: TIER/SLOT",
        "name = 'Free/coding' | :2:1: presets.name: must be",
        "models = ['x'] | :1:1: presets.name: must be given",
        "name = 'a/b'; models = ['ratatoskr:free/coding'] | :3:1: presets.models: must be",
        "name = 'a/b'; models = ['auto'] | :3:1: presets.models: must be",
        "name = 'a/b'; models = ['p'] | :3:1: presets.models: 'p' is an alias of a preset",
        "name = 'a/b'; models = ['any'] | :3:1: presets.models: 'any' is an alias of 'auto'",
        "name = 'a/b'; models = ['broken'] | :3:1: presets.models: 'broken' stands for nothing: ",
        "name = 'a/b'; capabilities = [] | :3:1: presets.capabilities: names nothing",
        "name = 'a/b'; capabilities = ['tokenize'] | :3:1: presets.capabilities: must be",
        "name = 'a/b'; temperature = 3 | :3:1: presets.temperature: must be 0 to 2, or nothing, is"
            + " ~3~",
        "name = 'a/b'; temperature = 'hot' | :3:1: presets.temperature: must be 0 to 2, or nothing",
        "name = 'a/b'; temperature = nan | :3:1: presets.temperature: must be 0 to 2, or nothing",
        "name = 'a/b'; top-p = 0 | :3:1: presets.top-p: must be above 0 to 1",
        "name = 'a/b'; max-tokens = 1.5 | :3:1: presets.max-tokens: must be 1 or more",
        "name = 'a/b'; reasoning-effort = 'most' | :3:1: presets.reasoning-effort: must be nothing,"
            + " or one of none, ",
        "name = 'a/b'; cost-tier = 'gold' | :3:1: presets.cost-tier: must be free, low, medium,"
            + " high, enterprise",
        "name = 'a/b'; model = 'x' | :3:1: presets.model: there is no such key; did you mean"
            + " presets.models?",
      })
  void whatIsWrongIsRefusedWithItsPlace(String entry, String problem) {
    String toml =
        "[[presets]]\n"
            + entry.replace("; ", "\n")
            + "\n[routing.aliases]\np = 'ratatoskr:free/coding'\nany = 'auto'\n"
            + "broken = 'ratatoskr:free'\n";

    assertThatThrownBy(() -> Presets.of(values(toml)))
        .hasMessageContaining("policy.toml" + problem.replace('~', '"').replace("a text: ", ""));
  }

  @Test
  void whatIsShownCanBeReadAgain() throws IOException {
    assertThat(Presets.of(values(TomlText.of(KNOWN, Values.none(), false))))
        .isEqualTo(Presets.standard());
  }

  @ParameterizedTest
  @CsvSource({
    "free/coding, free, coding",
    "ratatoskr:free/coding, free, coding",
    "' mine/x.1 ', mine, x.1"
  })
  void aNameHasTwoParts(String text, String tier, String slot) {
    assertThat(Presets.parse(text)).contains(new Presets.TierAndSlot(tier, slot));
    assertThat(Presets.parse(tier)).isEmpty();
    assertThat(Presets.parse(text.strip() + "/more")).isEmpty();
    assertThat(Presets.parse(tier + "/")).isEmpty();
  }
}
