package io.ratatoskr.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.RoutingHints;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a policy makes of the names by which requests ask. */
class NamingTest {
  private static final Set<String> CHAT = Set.of(Capability.CHAT.topicName());

  private final List<Worker> workers = new ArrayList<>();
  private final Set<String> topics = new HashSet<>();
  private String policy = "";

  private NamingTest worker(String pool, Location location, String... models) {
    List<Model> all =
        Stream.of(models)
            .map(id ->
                new Model(
                    id,
                    State.READY,
                    Optional.empty(),
                    "",
                    "",
                    CHAT,
                    0,
                    0,
                    location,
                    Optional.empty()))
            .toList();
    workers.add(new Worker(pool + "-1", pool, true, CHAT, Set.of(), all, 0, "1"));
    topics.add(Topics.work(Lane.INTERACTIVE, pool));
    return this;
  }

  /** Its workers say whose models they serve. */
  private NamingTest madeBy(String maker) {
    Worker last = workers.removeLast();
    workers.add(
        new Worker(
            last.id(),
            last.pool(),
            last.alive(),
            last.capabilities(),
            last.anyModel(),
            last.models(),
            maker,
            Set.of(),
            0,
            "1"));
    return this;
  }

  @Test
  void whoseModelsAPoolServes_itsWorkersSayBeforeItsName() {
    worker("gpu1", Location.LOCAL, "llama3.2:3b").madeBy("ollama");
    worker("openai", Location.REMOTE, "x-ai/grok").madeBy("openrouter");

    assertThat(asked("ollama/llama3.2:3b")).containsExactly("llama3.2:3b@gpu1");
    assertThat(asked("openrouter/x-ai/grok")).containsExactly("x-ai/grok@openai");
    assertThat(choose("openai/x-ai/gone").refusal()).isNotNull();
  }

  private Choice choose(String model) {
    return choose(model, "");
  }

  private Choice choose(String model, String preset) {
    RequestHead head =
        new RequestHead(
            new RequestId(new UUID(1, 1)),
            model,
            preset,
            false,
            "",
            DataPolicy.REMOTE_ALLOWED,
            CacheMode.OFF,
            RoutingHints.NONE);
    return new RoutingPolicy(
            Pools.standard(),
            PolicyFile.parse("policy.toml", policy).config(),
            new PolicyLimits(Map.of(), Duration.ofSeconds(60), Duration.ofMinutes(10)))
        .explain(
            new Ask(Capability.CHAT, Lane.INTERACTIVE, head),
            new World(CatalogSnapshot.of(workers, true), topics));
  }

  private static List<String> chain(Choice choice) {
    assertThat(choice.refusal()).isNull();
    return choice.chain().stream().map(one -> one.model() + "@" + one.pool()).toList();
  }

  private List<String> asked(String model) {
    return chain(choose(model));
  }

  @Test
  void names_meanWhatTheTableSays() {
    worker("ollama", Location.LOCAL, "llama3.2:3b").worker("one", Location.LOCAL, "llama3.2:3b");
    policy = "[routing.aliases]\nfast = \"ollama/llama3.2:3b\"\nany = \"auto\"";

    assertThat(asked("fast")).containsExactly("llama3.2:3b@ollama");
    assertThat(choose("fast").wanted())
        .isEqualTo(
            "the model llama3.2:3b: alias 'fast' is 'ollama/llama3.2:3b'; 'ollama' is a pool");
    assertThat(asked("one/llama3.2:3b")).containsExactly("llama3.2:3b@one");
    assertThat(asked("llama3.2:3b"))
        .containsExactlyInAnyOrder("llama3.2:3b@ollama", "llama3.2:3b@one");
    assertThat(choose("any").wanted()).startsWith("auto: ");
    assertThat(choose("ollama/other").refusal())
        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
  }

  @Test
  void presets_namedModelsInTheirOrder() {
    worker("one", Location.LOCAL, "a", "b").worker("two", Location.LOCAL, "c", "b");
    policy = "[[presets]]\nname = \"mine/chat\"\nmodels = [\"c\", \"one/a\"]";

    assertThat(asked("ratatoskr:mine/chat")).containsExactly("c@two", "a@one");
    assertThat(choose("ratatoskr:mine/chat").wanted()).isEqualTo("the preset mine/chat: c, one/a");
    assertThat(choose("ratatoskr:mine/chat").chain().getFirst().reason())
        .isEqualTo("preset mine/chat");
    assertThat(choose("ratatoskr:mine/other").refusal())
        .satisfies(error -> {
          assertThat(error.code()).isEqualTo(ErrorCode.PRESET_NOT_FOUND);
          assertThat(error.message()).contains("there is no preset 'mine/other'", "mine/chat");
        });
    assertThat(choose("ratatoskr:mine").refusal())
        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.PRESET_NOT_FOUND));
  }

  @Test
  void presetsWithoutModels_chooseAmongThoseThatCostNoMore() {
    worker("one", Location.LOCAL, "poet", "coder").worker("two", Location.REMOTE, "best", "plain");
    policy =
        """
        [[profiles]]
        model = "coder"
        strengths = ["code-generation"]
        [[profiles]]
        model = "best"
        strengths = ["code-generation"]
        cost = "high"
        """;

    assertThat(asked("ratatoskr:free/coding")).containsExactly("coder@one", "poet@one");
    assertThat(asked("ratatoskr:mid/coding"))
        .startsWith("coder@one")
        .contains("plain@two")
        .doesNotContain("best@two");
    assertThat(asked("ratatoskr:premium/coding")).contains("best@two");
  }

  @Test
  void presetsThatNothingFits_sayWhy() {
    worker("two", Location.REMOTE, "best");

    assertThat(choose("ratatoskr:free/coding").refusal())
        .satisfies(error -> {
          assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
          assertThat(error.message())
              .contains("best at two is not what the preset allows: preset free/coding");
        });
  }

  @Test
  void theHeaderOfPresets_isTheSame() {
    worker("one", Location.LOCAL, "a");

    assertThat(chain(choose("", "free/coding"))).containsExactly("a@one");
    assertThat(chain(choose("", "ratatoskr:free/coding"))).containsExactly("a@one");
    assertThat(choose("", "fast").refusal())
        .satisfies(error -> assertThat(error.message()).startsWith("'fast' is no preset: "));
  }
}
