package io.ratatoskr.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
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
import io.ratatoskr.schemas.chat.Price;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a policy's text makes of requests, among workers that announce themselves. */
class ChoiceTest {
  private static final long NOW = 1_000_000;
  private static final String CHAT = Capability.CHAT.topicName();

  private final List<Worker> workers = new ArrayList<>();
  private final Map<ModelOfPool, Standing> health = new HashMap<>();
  private final Set<String> topics = new HashSet<>();
  private String policy = "";
  private RoutingHints hints = RoutingHints.NONE;
  private DataPolicy data = DataPolicy.REMOTE_ALLOWED;
  private Traits traits = Traits.NONE;
  private boolean probes = true;

  private ChoiceTest worker(String pool, Location location, String... models) {
    List<Model> all = new ArrayList<>();
    for (String model : models) {
      all.add(model(model, location, 0, Optional.empty()));
    }
    return worker(pool, all);
  }

  private ChoiceTest worker(String pool, List<Model> models) {
    workers.add(new Worker(pool + "-1", pool, true, Set.of(CHAT), Set.of(), models, 0, "1"));
    topics.add(Topics.work(Lane.INTERACTIVE, pool));
    return this;
  }

  private static Model model(String id, Location location, int tokens, Optional<Price> price) {
    return new Model(
        id, State.READY, Optional.empty(), "", "", Set.of(CHAT), 0, tokens, location, price);
  }

  private ChoiceTest standing(String pool, String model, Circuit circuit, long askableMs) {
    health.put(
        new ModelOfPool(pool, model), new Standing(circuit, 0, askableMs, 0, 0, 0, 0, 0, Map.of()));
    return this;
  }

  private RoutingPolicy policy() {
    return new RoutingPolicy(
        Pools.standard(),
        PolicyFile.parse("policy.toml", policy).config(),
        new PolicyLimits(Map.of(), Duration.ofSeconds(60), Duration.ofMinutes(10)));
  }

  private Choice choose(String model) {
    return policy().explain(ask(model, 1), world());
  }

  private Ask ask(String model, long id) {
    RequestHead head =
        new RequestHead(
            new RequestId(new UUID(1, id)), model, "", false, "", data, CacheMode.OFF, hints);
    return new Ask(
        Capability.CHAT, Lane.INTERACTIVE, head, traits.promptTokens() * 4, () -> traits);
  }

  private World world() {
    return new World(
        CatalogSnapshot.of(workers, true),
        new HealthSnapshot(health),
        topics,
        NOW,
        (pool, model) -> probes);
  }

  private List<String> asked(String model) {
    Choice choice = choose(model);
    assertThat(choice.refusal()).isNull();
    return choice.chain().stream().map(one -> one.model() + "@" + one.pool()).toList();
  }

  @Test
  void poolsThatNobodyConfigured_areKnownFromTheirWorkers() {
    worker("gpu", Location.LOCAL, "m").worker("cloud", Location.REMOTE, "m");
    data = DataPolicy.LOCAL_ONLY;

    assertThat(asked("m")).containsExactly("m@gpu");
    assertThat(choose("m").chain().getFirst().budgetMs()).isEqualTo(600_000);
  }

  @Test
  void fallbacks_ofModel_thenOfCapability() {
    worker("one", Location.LOCAL, "a", "b").worker("two", Location.LOCAL, "c");
    policy = "[routing.fallbacks]\na = [\"b\"]\nchat = [\"two\"]";

    assertThat(asked("a")).containsExactly("a@one", "b@one", "c@two");
    assertThat(choose("a").chain())
        .extracting(PoolCandidate::reason)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("asked for"),
            second -> assertThat(second).isEqualTo("in place of a"),
            third -> assertThat(third).startsWith("fallback for chat"));
    assertThat(asked("b")).containsExactly("b@one", "c@two");
  }

  @Test
  void anAbsentFirstOne_refusesNothingWhileASecondIsThere() {
    worker("one", Location.LOCAL, "b");
    policy = "[routing.fallbacks]\na = [\"b\"]";

    assertThat(asked("a")).containsExactly("b@one");
    assertThat(choose("a").chain().getFirst().standsFor()).isEqualTo("a");
  }

  @Test
  void aPin_leavesNobodyElse() {
    worker("one", Location.LOCAL, "a").worker("two", Location.LOCAL, "a", "b");
    policy = "[routing.fallbacks]\na = [\"b\"]";
    hints = RoutingHints.NONE.withProvider("one");

    assertThat(asked("a")).containsExactly("a@one");
    hints = RoutingHints.NONE.withProvider("three");
    assertThat(choose("a").refusal())
        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.NO_PROVIDER))
        .satisfies(error -> assertThat(error.message()).contains("no pool 'three'"));
  }

  @Test
  void anOpenCircuit_comesBehind_andIsHeldWhereItIsAlone() {
    worker("one", Location.LOCAL, "a").worker("two", Location.LOCAL, "a");
    standing("one", "a", Circuit.OPEN, NOW + 5_000);

    assertThat(asked("a")).containsExactly("a@two", "a@one");
    assertThat(choose("a").holdUntilMs()).isZero();
    assertThat(choose("a").chain()).allMatch(one -> one.standsFor() == null);
    standing("two", "a", Circuit.OPEN, NOW + 3_000);
    assertThat(choose("a").holdUntilMs()).isEqualTo(NOW + 5_000);
  }

  @Test
  void aHalfOpenCircuit_takesProbesAlone_andADegradedOneComesLater() {
    worker("one", Location.LOCAL, "a").worker("two", Location.LOCAL, "a");
    standing("one", "a", Circuit.HALF_OPEN, 0);

    assertThat(asked("a")).containsExactly("a@one", "a@two");
    probes = false;
    assertThat(asked("a")).containsExactly("a@two", "a@one");
    standing("one", "a", Circuit.DEGRADED, 0);
    assertThat(asked("a")).containsExactly("a@two", "a@one");
  }

  @Test
  void strategies() {
    worker("dear", List.of(model("a", Location.REMOTE, 0, Optional.of(new Price(10, 30)))));
    worker("cheap", List.of(model("a", Location.REMOTE, 0, Optional.of(new Price(1, 2)))));
    health.put(
        new ModelOfPool("dear", "a"),
        new Standing(Circuit.CLOSED, 0, 0, 0, 0, 100, 0, 0, Map.of()));
    health.put(
        new ModelOfPool("cheap", "a"),
        new Standing(Circuit.CLOSED, 0, 0, 0, 0, 900, 0, 0, Map.of()));

    policy = "[routing]\nchat = \"dear\"";
    assertThat(asked("a")).containsExactly("a@dear", "a@cheap");
    policy = "[routing.strategy]\nchat = \"cost\"";
    assertThat(asked("a")).containsExactly("a@cheap", "a@dear");
    policy = "[routing.strategy]\nchat = \"latency\"";
    assertThat(asked("a")).containsExactly("a@dear", "a@cheap");
  }

  @Test
  void loadBalanced_spreadsRequestsEvenly() {
    worker("one", Location.LOCAL, "a")
        .worker("two", Location.LOCAL, "a")
        .worker("three", Location.LOCAL, "a");
    policy = "[routing.strategy]\nchat = \"load-balanced\"";
    RoutingPolicy balanced = policy();
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      first.merge(balanced.choose(ask("a", i), world()).chain().getFirst().pool(), 1, Integer::sum);
    }

    assertThat(first.values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
  }

  @Test
  void aConversation_staysWhereItIs_alsoWhenAnotherOneLeaves() {
    worker("one", Location.LOCAL, "a")
        .worker("two", Location.LOCAL, "a")
        .worker("three", Location.LOCAL, "a");
    hints = RoutingHints.NONE.withConversation("c-17");
    String chosen = choose("a").chain().getFirst().pool();

    workers.removeIf(worker -> !worker.pool().equals(chosen) && !worker.pool().equals("one"));
    assertThat(choose("a").chain().getFirst().pool()).isEqualTo(chosen);
    assertThat(policy().choose(ask("a", 99), world()).chain().getFirst().pool()).isEqualTo(chosen);
  }

  @Test
  void auto_takesWhatSuitsTheClass() {
    worker("one", Location.LOCAL, "writer", "coder");
    policy =
        """
        [[profiles]]
        model = "coder"
        strengths = ["code-generation"]
        [[profiles]]
        model = "wri*"
        display-name = "The Writer"
        strengths = ["creative"]
        weaknesses = ["code-generation"]
        warnings = ["math"]
        """;

    hints = RoutingHints.NONE.withTaskClass("code-generation");
    assertThat(asked("auto")).containsExactly("coder@one", "writer@one");
    hints = RoutingHints.NONE;
    traits =
        new Traits(
            "Write a Python function that reverses a list, and refactor this code.",
            20,
            0,
            false,
            false);
    assertThat(asked("auto")).containsExactly("coder@one", "writer@one");
    traits = new Traits("Write me a short story and a poem about a dragon.", 20, 0, false, false);
    assertThat(asked("auto")).containsExactly("writer@one", "coder@one");
    assertThat(choose("auto").wanted()).startsWith("auto: creative, confidence 0.");
    assertThat(policy().label("writer")).isEqualTo(new ModelLabel("The Writer", List.of("math")));
    hints = RoutingHints.NONE.withTaskClass("cooking");
    assertThat(choose("auto").refusal())
        .satisfies(error -> assertThat(error.message()).contains("no 'cooking'", "creative"));
  }

  @Test
  void whatAModelCannotDo_leavesItOut() {
    worker("one", List.of(model("small", Location.LOCAL, 1_000, Optional.empty())))
        .worker("two", Location.LOCAL, "plain");
    policy =
        """
        [[profiles]]
        model = "plain"
        tools = "no"
        json-schema = "no"
        """;

    assertThat(asked("auto")).containsExactlyInAnyOrder("small@one", "plain@two");
    traits = new Traits("hello", 2_000, 100, false, false);
    assertThat(asked("auto")).containsExactly("plain@two");
    traits = new Traits("hello", 10, 0, true, false);
    assertThat(asked("auto")).containsExactly("small@one");
    traits = new Traits("hello", 2_000, 0, true, false);
    assertThat(choose("auto").refusal())
        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .satisfies(error ->
            assertThat(error.message())
                .contains("plain at two cannot call tools", "small at one takes 1000 tokens"));
  }

  @Test
  void keptChoices_areThoseOfTheSameSize_only() {
    worker("one", List.of(model("small", Location.LOCAL, 1_000, Optional.empty())))
        .worker("two", Location.LOCAL, "large");
    policy = "[routing.fallbacks]\nsmall = [\"large\"]";
    RoutingPolicy routing = policy();
    World same = world();

    assertThat(routing.choose(ask("small", 1), same).chain()).hasSize(2);
    traits = new Traits("x", 2_000, 0, false, false);
    assertThat(routing.choose(ask("small", 2), same).chain())
        .extracting(PoolCandidate::model)
        .containsExactly("large");
  }

  @Test
  void privacy_boundsWhatRequestsAllow() {
    worker("cloud", Location.REMOTE, "a");
    policy = "[privacy]\ndata-policy = \"local-only\"";

    assertThat(choose("a").refusal())
        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.CONSENT_REQUIRED));
  }

  @Test
  void aWrongPolicy_isRefusedAsAWhole_namingPlaceAndKey() {
    policy =
        """
        [routing.fallbacks]
        a = ["b", "c", "d", "e"]
        f = ["f"]
        [routing.strategy]
        chat = "fast"
        [[profiles]]
        model = "m"
        strengths = ["cooking"]
        [kafka]
        bootstrap = "k:1"
        """;
    assertThatThrownBy(this::policy)
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.mistakes())
                    .extracting(Throwable::getMessage)
                    .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).contains("policy.toml:2", "names 4"),
                        one -> assertThat(one).contains("policy.toml:3", "names itself"),
                        one -> assertThat(one).contains("policy.toml:5", "routing.strategy.chat"),
                        one -> assertThat(one).contains("policy.toml:8", "profiles.strengths"),
                        one -> assertThat(one).contains("policy.toml:9", "belongs into")));
  }

  @Test
  void aPoolThatThereIsNot_isRefused_whereItIsNamedAsOne() {
    PolicyFile file = PolicyFile.parse("policy.toml", "[routing.fallbacks]\na = [\"b@nowhere\"]");

    assertThatThrownBy(() -> file.check(Set.of("one"), CatalogSnapshot.UNKNOWN))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("policy.toml:2")
        .hasMessageContaining("there is no pool 'nowhere'; there are chat, embed, nli, one");
  }

  @Test
  void aRemotePool_isRefused_whereNoDataMayLeave() {
    PolicyFile file =
        PolicyFile.parse(
            "policy.toml",
            """
            [privacy]
            data-policy = "local-only"
            [[pools]]
            name = "cloud"
            capabilities = ["chat"]
            location = "remote"
            [routing.fallbacks]
            chat = ["cloud"]
            """);

    assertThatThrownBy(() -> file.check(Set.of(), CatalogSnapshot.UNKNOWN))
        .hasMessageContaining("policy.toml:8")
        .hasMessageContaining("pool 'cloud' is remote, and privacy.data-policy is local-only");
  }
}
