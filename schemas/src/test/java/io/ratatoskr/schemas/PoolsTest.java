package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.TomlSource;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolsTest {
  @TempDir private Path folder;

  private static WorkerPool pool(String name, Set<Capability> capabilities, Duration budget) {
    return new WorkerPool(name, capabilities, WorkerPool.Taking.SHARED, budget, Location.LOCAL);
  }

  private static WorkerPool pool(String name, Capability... capabilities) {
    return pool(name, Set.of(capabilities), Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @EnumSource
  void standard_servesEveryCapability(Capability capability) {
    assertThat(Pools.standard().serving(capability)).hasSize(1);
  }

  @Test
  void standard_claimsAndWaitsLongerWhereARunIsPaidFor() {
    assertThat(Pools.standard().serving(Capability.CHAT))
        .singleElement()
        .satisfies(chat -> {
          assertThat(chat.taking()).isEqualTo(WorkerPool.Taking.CLAIMED);
          assertThat(chat.budget()).isEqualTo(Duration.ofMinutes(10));
        });
    assertThat(Pools.standard().serving(Capability.EMBED))
        .extracting(WorkerPool::taking)
        .containsExactly(WorkerPool.Taking.SHARED);
  }

  @Test
  void serving_keepsTheirOrder() {
    Pools pools =
        new Pools(
            List.of(
                pool("b", Capability.CHAT),
                pool("other", Capability.EMBED),
                pool("a", Capability.CHAT, Capability.EMBED)));

    assertThat(pools.serving(Capability.CHAT))
        .extracting(WorkerPool::name)
        .containsExactly("b", "a");
    assertThat(pools.serving(Capability.NLI)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a.b", "a b", "é"})
  void name_thatIsNoPartOfATopic_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool(name, Capability.CHAT))
        .withMessageStartingWith(
            "pools.name: must be letters, digits, '_', '-', at most 64, is \"" + name + "\"");
  }

  @Test
  void nonsense_isRefusedNamingThePool() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool("idle", Set.of(), Duration.ofSeconds(1)))
        .withMessageStartingWith("pools.capabilities: 'idle' serves nothing; name some of chat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool("hasty", Set.of(Capability.CHAT), Duration.ZERO))
        .withMessageStartingWith("pools.execution-budget: must be positive for 'hasty'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Pools(List.of(pool("twice", Capability.CHAT), pool("twice", Capability.NLI))))
        .withMessageContaining("'twice' is named twice");
    assertThatIllegalArgumentException().isThrownBy(() -> new Pools(List.of()));
  }

  private Values read(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("x.toml"), content);
    return TomlSource.read(file, new KnownSettings(List.of(Pools.SECTION), Map.of()), Map.of());
  }

  private Pools pools(String content) throws IOException {
    return Pools.of(read(content), Duration.ofSeconds(3), Duration.ofSeconds(7));
  }

  @Test
  void of_everyKeyGiven_eachIsMapped() throws IOException {
    assertThat(
            pools(
                    """
                    [[pools]]
                    name = "gpu_2"
                    capabilities = ["embed", "tokenize"]
                    queue = "claimed"
                    execution-budget = "5m"
                    location = "remote"
                    """)
                .named("x", "gpu_2"))
        .isEqualTo(
            new WorkerPool(
                "gpu_2",
                Set.of(Capability.EMBED, Capability.TOKENIZE),
                WorkerPool.Taking.CLAIMED,
                Duration.ofMinutes(5),
                Location.REMOTE));
  }

  @Test
  void of_whatIsNotGiven_hasItsDefault() throws IOException {
    Pools pools =
        pools(
            """
            [[pools]]
            name = "a"
            capabilities = "embed"
            [[pools]]
            name = "b"
            capabilities = ["chat"]
            queue = "claimed"
            """);

    assertThat(pools.named("x", "a")).isEqualTo(pool("a", Set.of(Capability.EMBED), seconds(3)));
    assertThat(pools.named("x", "b").budget()).isEqualTo(seconds(7));
    assertThat(pools.named("x", "embed").budget()).isEqualTo(seconds(3));
    assertThat(pools.named("x", "chat").budget()).isEqualTo(seconds(7));
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void of_writtenPools_followTheStandardOnes_orTakeTheirPlaces() throws IOException {
    assertThat(pools("[[pools]]\nname = \"gpu\"\ncapabilities = [\"embed\"]\n").all())
        .extracting(WorkerPool::name)
        .containsExactly("embed", "nli", "chat", "gpu");

    Pools both =
        pools(
            """
            [[pools]]
            name = "gpu"
            capabilities = ["embed"]
            [[pools]]
            name = "embed"
            capabilities = ["embed"]
            execution-budget = "9s"
            """);
    assertThat(both.serving(Capability.EMBED))
        .extracting(WorkerPool::name, WorkerPool::budget)
        .containsExactly(tuple("gpu", seconds(3)), tuple("embed", seconds(9)));
    assertThat(both.all()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name = 'a'~capabilities = ['embed', 'paint'] | :3:1: pools.capabilities: must be chat,"
            + " generate, embed, nli, classify, stance, tokenize, is [`embed`, `paint`]",
        "name = 'a' | :1:1: pools.capabilities: 'a' serves nothing; name some of chat, generate",
        "name = 'a'~capabilities = [] | :3:1: pools.capabilities: 'a' serves nothing",
        "name = 'a.b'~capabilities = ['embed'] | :2:1: pools.name: must be letters, digits, '_',"
            + " '-', at most 64, is `a.b`",
        "capabilities = ['embed'] | :1:1: pools.name: must be given",
        "name = 'a'~queue = 'claim' | :3:1: pools.queue: must be shared, claimed, is `claim`",
        "name = 'a'~location = 'here' | :3:1: pools.location: must be local, remote, is `here`",
        "name = 'a'~execution-budget = '2d' | :3:1: pools.execution-budget: must be 0s to 1d, is",
        "name = 'a'~budget = '2s' | :3:1: pools.budget: there is no such key; [[pools]] has name,"
            + " capabilities, queue, execution-budget, location",
        "name = 'a'~capability = 'embed' | :3:1: pools.capability: there is no such key; did you"
            + " mean pools.capabilities?",
        "name = 'a'~[[pools]]~name = 'a' | :4:1: pools.name: `a` stands twice",
      })
  void of_mistake_namesPlaceKeyAndWhatIsAllowed(String content, String expected) {
    String toml = "[[pools]]\n" + content.replace('~', '\n').replace('\'', '"') + "\n";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> pools(toml))
        .withMessageContaining(expected.replace('`', '"'));
  }

  @Test
  void named_none_saysWhichThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pools.standard().named("workers.pool", "embd"))
        .withMessage("workers.pool: there is no pool 'embd' in [[pools]]; did you mean 'embed'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pools.standard().named("workers.pool", "elsewhere"))
        .withMessageContaining("'elsewhere' in [[pools]]; there are embed, nli, chat");
  }
}
