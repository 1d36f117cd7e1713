package io.ratatoskr.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which pools a request for a model may go to, by what is known of them. */
class RoutingPolicyTest {
  private final Map<String, CatalogSnapshot.Pool> known = new HashMap<>();
  private final Set<String> topics = new HashSet<>();
  private final List<WorkerPool> pools = new ArrayList<>();
  private boolean settled;

  /** A pool for chat with its work topic. */
  private RoutingPolicyTest pool(String name, Location reach, String... models) {
    return pool(name, Capability.CHAT, reach, models);
  }

  private RoutingPolicyTest pool(
      String name, Capability capability, Location reach, String... models) {
    pools.add(
        new WorkerPool(
            name, Set.of(capability), WorkerPool.Taking.CLAIMED, Duration.ofSeconds(7), reach));
    topics.add(Topics.work(Lane.INTERACTIVE, name));
    if (models.length > 0) {
      Set<String> all = Set.copyOf(Arrays.asList(models));
      known.put(name, new CatalogSnapshot.Pool(1, all, all, Map.of()));
    }
    return this;
  }

  private Choice choose(DataPolicy data) {
    return choose(Capability.CHAT, data);
  }

  private Choice choose(Capability capability, DataPolicy data) {
    RequestHead head =
        new RequestHead(new RequestId(new UUID(1, 1)), "m", "", false, "", data, CacheMode.OFF);
    CatalogSnapshot catalog = new CatalogSnapshot(Map.of(), known, settled);
    return new RoutingPolicy(
            new Pools(pools),
            PolicyConfig.of(Values.none()),
            new PolicyLimits(
                Map.of(Lane.INTERACTIVE, Duration.ofSeconds(30)),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10)))
        .choose(
            new Ask(capability, Lane.INTERACTIVE, head), new World(catalog, Set.copyOf(topics)));
  }

  private List<String> asked(DataPolicy data) {
    Choice choice = choose(data);
    assertThat(choice.refusal()).isNull();
    return choice.chain().stream().map(PoolCandidate::pool).toList();
  }

  private InferenceError refused(DataPolicy data) {
    Choice choice = choose(data);
    assertThat(choice.chain()).isEmpty();
    return Objects.requireNonNull(choice.refusal());
  }

  @Test
  void candidate_hasTheModelAndItsPoolsBudget() {
    pool("a", Location.LOCAL, "m");

    assertThat(choose(DataPolicy.LOCAL_ONLY).chain())
        .containsExactly(new PoolCandidate("a", "m", 3, 30_000, 7_000, "asked for", null, null));
  }

  @Test
  void order_isThatOfTheConfiguration_butKnownModelsComeFirst() {
    pool("quiet", Location.LOCAL)
        .pool("b", Location.LOCAL, "m")
        .pool("others", Location.LOCAL, "n")
        .pool("a", Location.LOCAL, "n", "m");

    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("b", "a", "quiet");
  }

  @Test
  void remotePool_isAskedWhereTheDataPolicyAllows() {
    pool("away", Location.REMOTE, "m").pool("here", Location.LOCAL, "m");

    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("here");
    assertThat(asked(DataPolicy.PREFER_LOCAL)).containsExactly("here", "away");
    assertThat(asked(DataPolicy.REMOTE_ALLOWED)).containsExactly("away", "here");
  }

  @Test
  void onlyRemotePools_areRefusedNamingThemAndTheHeader() {
    pool("away", Location.REMOTE, "m");

    assertThat(refused(DataPolicy.LOCAL_ONLY))
        .returns(ErrorCode.CONSENT_REQUIRED, InferenceError::code)
        .extracting(InferenceError::message)
        .asString()
        .contains("away", "data-policy", "remote_allowed");
  }

  @Test
  void onlyARemotePoolHasTheModel_isRefusedNamingItAndTheHeader_whateverLocalOnesHave() {
    pool("here", Location.LOCAL, "x").pool("away", Location.REMOTE, "m");

    assertThat(refused(DataPolicy.LOCAL_ONLY))
        .returns(ErrorCode.CONSENT_REQUIRED, InferenceError::code)
        .extracting(InferenceError::message)
        .asString()
        .contains("only away could answer", "data-policy");
    assertThat(asked(DataPolicy.PREFER_LOCAL)).containsExactly("away");
  }

  @Test
  void localPool_thatNobodyEverJoined_isNotWaitedForInPlaceOfConsent() {
    pool("here", Location.LOCAL).pool("away", Location.REMOTE, "m");
    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("here");

    settled = true;
    assertThat(refused(DataPolicy.LOCAL_ONLY).message()).startsWith("only away could answer");
    assertThat(asked(DataPolicy.REMOTE_ALLOWED)).containsExactly("away", "here");
  }

  @Test
  void nobodyKnowsTheModel_namesThoseOfAllPools() {
    pool("a", Location.LOCAL, "x").pool("b", Location.LOCAL, "y");

    assertThat(refused(DataPolicy.LOCAL_ONLY).message())
        .isEqualTo("no worker knows 'm'; there are x, y");
  }

  @Test
  void modelThatOnePoolCannotUse_isTheOthersToRun() {
    pool("a", Location.LOCAL).pool("b", Location.LOCAL, "m");
    known.put("a", new CatalogSnapshot.Pool(1, Set.of("m"), Set.of(), Map.of("m", "no room")));

    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("b");
  }

  @Test
  void poolWithoutATopic_isNotAsked() {
    pool("a", Location.LOCAL, "m").pool("b", Location.LOCAL, "m");
    topics.remove(Topics.work(Lane.INTERACTIVE, "a"));
    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("b");

    topics.clear();
    assertThat(refused(DataPolicy.LOCAL_ONLY).message())
        .isEqualTo(
            "no pool serves chat: ratatoskr.sys.interactive.work.a is absent,"
                + " ratatoskr.sys.interactive.work.b is absent");
  }

  @Test
  void capabilityOfNoPool_hasNoProvider() {
    pool("a", Capability.EMBED, Location.LOCAL, "m");

    assertThat(refused(DataPolicy.LOCAL_ONLY))
        .isEqualTo(InferenceError.noProvider("chat", "no pool serves chat"));
  }

  @Test
  void poolWhoseWorkersAreGone_isAskedAfterOneThatIsAlive() {
    pool("cpu", Location.LOCAL)
        .pool("gone", Location.LOCAL)
        .pool("alive", Location.LOCAL)
        .pool("ready", Location.LOCAL, "m");
    heard("gone", 0, Set.of("m"), "");
    heard("alive", 1, Set.of(), "");

    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("ready", "alive", "gone", "cpu");
  }

  @Test
  void poolThatLoadsTheModel_isAskedAfterOneThatIsReady_butLocalOnesFirstWherePreferred() {
    pool("loading", Location.LOCAL).pool("ready", Location.REMOTE, "m");
    heard("loading", 1, Set.of("m"), "");

    assertThat(asked(DataPolicy.REMOTE_ALLOWED)).containsExactly("ready", "loading");
    assertThat(asked(DataPolicy.PREFER_LOCAL)).containsExactly("loading", "ready");
  }

  @Test
  void chain_hasFourCandidatesAtMost() {
    for (int i = 0; i < 6; i++) {
      pool("chat" + i, Location.LOCAL, "m");
    }

    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("chat0", "chat1", "chat2", "chat3");
  }

  /** A provider makes vectors with models that it names; what it writes with it need not name. */
  @Test
  void provider_isAskedForVectorsOfTheModelsThatItNames_andForChatWithAnyOther() {
    pool("embed", Capability.EMBED, Location.LOCAL, "n");
    pool("provider", Location.LOCAL);
    pools.removeLast();
    pools.add(
        new WorkerPool(
            "provider",
            Set.of(Capability.CHAT, Capability.EMBED),
            WorkerPool.Taking.CLAIMED,
            Duration.ofSeconds(7),
            Location.LOCAL));
    known.put("provider", provider("m"));

    assertThat(embedded()).containsExactly("provider");
    assertThat(refused(DataPolicy.LOCAL_ONLY))
        .returns(ErrorCode.MODEL_NOT_FOUND, InferenceError::code)
        .returns("no worker knows 'm' for chat; there are none", InferenceError::message);

    known.put("provider", provider("other"));
    assertThat(asked(DataPolicy.LOCAL_ONLY)).containsExactly("provider");
    assertThat(Objects.requireNonNull(choose(Capability.EMBED, DataPolicy.LOCAL_ONLY).refusal()))
        .returns(ErrorCode.MODEL_NOT_FOUND, InferenceError::code)
        .returns("no worker knows 'm'; there are n, other", InferenceError::message);
  }

  private static CatalogSnapshot.Pool provider(String embeddingModel) {
    return new CatalogSnapshot.Pool(
        1,
        Set.of(embeddingModel),
        Set.of(embeddingModel),
        Map.of(),
        Map.of(),
        Map.of(),
        new CatalogSnapshot.Offer(Map.of(embeddingModel, Set.of("embed")), Set.of("chat")),
        Set.of());
  }

  /** What is heard of a pool that has the model, if any, in that space. */
  private void heard(String name, int alive, Set<String> models, String space) {
    known.put(
        name,
        new CatalogSnapshot.Pool(
            alive, models, Set.of(), Map.of(), space.isEmpty() ? Map.of() : Map.of("m", space)));
  }

  private List<String> embedded() {
    return choose(Capability.EMBED, DataPolicy.LOCAL_ONLY).chain().stream()
        .map(PoolCandidate::pool)
        .toList();
  }

  @Test
  void vectors_comeFromTheFirstAlone_whileNoSpaceIsTold() {
    pool("a", Capability.EMBED, Location.LOCAL);
    pool("b", Capability.EMBED, Location.LOCAL);

    assertThat(embedded()).containsExactly("a");
    heard("b", 1, Set.of("m"), "");
    assertThat(embedded()).containsExactly("b");
  }

  @Test
  void vectors_comeFromAnyPoolOfTheSameSpace_oneThatIsAliveFirst() {
    pool("a", Capability.EMBED, Location.LOCAL);
    pool("b", Capability.EMBED, Location.LOCAL);
    pool("c", Capability.EMBED, Location.LOCAL);
    heard("b", 1, Set.of("m"), "space");
    heard("c", 1, Set.of("m"), "space");

    assertThat(embedded()).containsExactly("b", "c");
    heard("a", 1, Set.of("m"), "space");
    assertThat(embedded()).containsExactly("a", "b", "c");
    heard("a", 0, Set.of("m"), "space");
    assertThat(embedded()).containsExactly("b", "c", "a");
  }

  @Test
  void vectors_neverComeFromAnotherSpaceThanThatOfTheFirst_whoeverIsAlive() {
    pool("a", Capability.EMBED, Location.LOCAL);
    pool("b", Capability.EMBED, Location.LOCAL);
    heard("a", 0, Set.of("m"), "space");
    heard("b", 1, Set.of("m"), "another");

    assertThat(embedded()).containsExactly("a");
  }
}
