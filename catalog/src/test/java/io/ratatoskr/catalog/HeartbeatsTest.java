package io.ratatoskr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot.Pool;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.wire.ModelState;
import io.ratatoskr.schemas.wire.ModelStatus;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
  private final Heartbeats heartbeats = new Heartbeats();

  static ModelStatus model(String id, ModelState state) {
    return ModelStatus.newBuilder()
        .setId(id)
        .setState(state)
        .setReason(state == ModelState.UNAVAILABLE ? "no file " + id : null)
        .build();
  }

  static WorkerStatus status(String worker, ModelStatus... models) {
    return WorkerStatus.newBuilder()
        .setWorker(worker)
        .setPool("embed")
        .setCapabilities(List.of("embed"))
        .setModels(Stream.of(models).toList())
        .setStartedMs(1)
        .setClockMs(2)
        .setVersion("test")
        .build();
  }

  private void heard(String worker, long atMs, ModelStatus... models) {
    heartbeats.heard(worker, status(worker, models), atMs);
  }

  @Test
  void nothingHeard_nothingIsKnown() {
    assertThat(heartbeats.at(0)).isEqualTo(CatalogSnapshot.UNKNOWN);
    assertThat(heartbeats.at(0).pool("embed")).isEqualTo(Pool.UNKNOWN);
    assertThat(heartbeats.changesMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void worker_isAliveForThreeSecondsAfterEachHeartbeat() {
    heard("w", 1_000);
    assertThat(heartbeats.at(4_000).isAlive("w")).isTrue();
    heard("w", 3_000);
    assertThat(heartbeats.at(6_000).isAlive("w")).isTrue();
    assertThat(heartbeats.changesMs()).isEqualTo(6_000);
    assertThat(heartbeats.at(6_001).isAlive("w")).isFalse();
    heard("w", 9_000);
    assertThat(heartbeats.at(9_000).isAlive("w")).isTrue();
  }

  @Test
  void worker_isSaidToBeGoneOnlyAfterItMustHaveBeenHeard() {
    heard("dead", -60_000);
    heartbeats.followedSince(0);
    assertThat(heartbeats.at(3_000).isGone("dead")).isFalse();
    assertThat(heartbeats.at(3_000).isGone("neverHeard")).isFalse();
    assertThat(heartbeats.changesMs()).isEqualTo(3_000);
    assertThat(heartbeats.at(3_001).isGone("dead")).isTrue();
    assertThat(heartbeats.at(3_001).isGone("neverHeard")).isTrue();
    heard("dead", 4_000);
    assertThat(heartbeats.at(4_000).isGone("dead")).isFalse();
  }

  @Test
  void workerThatLeaves_isNotKnownAnyMore() {
    heard("w", 0, model("m", ModelState.READY));
    assertThat(heartbeats.at(0).workers()).containsOnlyKeys("w");
    heartbeats.left("w");
    assertThat(heartbeats.at(0)).isEqualTo(CatalogSnapshot.UNKNOWN);
  }

  @Test
  void pool_joinsWhatItsWorkersAliveSay() {
    heard("dead", -60_000, model("old", ModelState.READY));
    heard("a", 0, model("x", ModelState.READY), model("y", ModelState.UNAVAILABLE));
    heard("b", 0, model("x", ModelState.LOADING), model("z", ModelState.UNAVAILABLE));
    heard("c", 0, model("y", ModelState.LOADING), model("x", ModelState.UNAVAILABLE));

    assertThat(heartbeats.at(0).pool("embed"))
        .usingRecursiveComparison()
        .ignoringFields("offer")
        .isEqualTo(
            new Pool(3, Set.of("old", "x", "y", "z"), Set.of("x"), Map.of("z", "no file z")));
    assertThat(heartbeats.at(3_001).pool("embed"))
        .usingRecursiveComparison()
        .ignoringFields("offer")
        .isEqualTo(new Pool(0, Set.of("old", "x", "y", "z"), Set.of(), Map.of()));
  }

  private static ModelStatus inSpace(String id, String space) {
    return ModelStatus.newBuilder(model(id, ModelState.READY)).setSpaceId(space).build();
  }

  @Test
  void spaceOfAModel_isWhatThoseAliveSay_elseTheOthers_whereTheyAgree() {
    heard("dead", -60_000, inSpace("x", "old"), inSpace("y", "old"));
    heard("a", 0, inSpace("x", "new"), inSpace("z", "one"), model("y", ModelState.LOADING));
    heard("b", 0, inSpace("x", "new"), inSpace("z", "two"));

    assertThat(heartbeats.at(0).pool("embed").spaces()).isEqualTo(Map.of("x", "new", "y", "old"));
    assertThat(heartbeats.at(3_001).pool("embed").spaces()).isEqualTo(Map.of("y", "old"));
  }

  private static ModelStatus servingOnly(String id, String... capabilities) {
    return ModelStatus.newBuilder(model(id, ModelState.READY))
        .setRevision("rev-" + id)
        .setCapabilities(List.of(capabilities))
        .build();
  }

  private static WorkerStatus gateway(String worker, ModelStatus... models) {
    return WorkerStatus.newBuilder(status(worker, models))
        .setCapabilities(List.of("chat", "embed"))
        .setAnyModel(List.of("chat"))
        .build();
  }

  @Test
  void pool_takesAModelForWhatItIsSaidToServe_andAnyOneWhereNoneIsNamed() {
    heartbeats.heard("w", gateway("w", servingOnly("vec", "embed")), 0);
    Pool pool = heartbeats.at(0).pool("embed");

    assertThat(pool.takes("vec", Capability.EMBED)).isTrue();
    assertThat(pool.takes("vec", Capability.CHAT)).isFalse();
    assertThat(pool.takes("other", Capability.CHAT)).isTrue();
    assertThat(pool.takes("other", Capability.EMBED)).isFalse();
    assertThat(pool.revisions()).isEqualTo(Map.of("vec", "rev-vec"));

    heartbeats.heard("v", gateway("v", servingOnly("writer", "chat"), servingOnly("both")), 0);
    Pool joined = heartbeats.at(0).pool("embed");
    assertThat(joined.takes("writer", Capability.CHAT)).isTrue();
    assertThat(joined.takes("other", Capability.CHAT)).isFalse();
    assertThat(joined.takes("both", Capability.CHAT)).isTrue();
    assertThat(joined.takes("both", Capability.EMBED)).isTrue();
    assertThat(Pool.UNKNOWN.takes("any", Capability.EMBED)).isTrue();
  }

  @Test
  void pool_isALineForPeople() {
    assertThat(Pool.UNKNOWN.summary()).isEqualTo("0 workers alive");
    assertThat(new Pool(1, Set.of("m"), Set.of("m"), Map.of()).summary())
        .isEqualTo("1 worker alive; ready: m");
    assertThat(
            new Pool(
                    2,
                    Set.of("a", "b", "c", "d"),
                    Set.of("b", "a"),
                    Map.of("d", "no tokenizer.json"))
                .summary())
        .isEqualTo(
            "2 workers alive; ready: a, b; not ready: c; unavailable: d (no tokenizer.json)");
  }

  @Test
  void snapshot_isTheSameObjectUntilSomethingChanges() {
    heard("w", 0, model("m", ModelState.LOADING));
    CatalogSnapshot loading = heartbeats.at(0);
    heard("w", 1_000, model("m", ModelState.LOADING));
    assertThat(heartbeats.at(4_000)).isSameAs(loading);

    heard("w", 4_000, model("m", ModelState.READY));
    CatalogSnapshot ready = heartbeats.at(4_000);
    assertThat(ready.pool("embed").ready()).containsExactly("m");
    assertThat(heartbeats.at(7_000)).isSameAs(ready);
    assertThat(heartbeats.at(7_001)).isNotEqualTo(ready);
  }
}
