package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KnownModelTest {

  private static Worker worker(String id, String pool, boolean alive, Model... models) {
    return new Worker(id, pool, alive, Set.of("embed", "later"), Set.of(), List.of(models), 0, "1");
  }

  private static Model model(String id, State state, String reason) {
    return new Model(
        id,
        state,
        Optional.of(reason).filter(text -> !text.isEmpty()),
        "",
        "",
        Set.of(),
        state == State.READY ? 384 : 0,
        0,
        Location.LOCAL,
        Optional.empty());
  }

  private static List<KnownModel> of(Worker... workers) {
    return KnownModel.of(
        new CatalogSnapshot(
            Arrays.stream(workers)
                .collect(Collectors.toUnmodifiableMap(Worker::id, Function.identity())),
            Map.of(),
            true));
  }

  @Test
  void of_workersOfAPool_isTheBestThatOneOfThemSays_andHowManyHaveIt() {
    List<KnownModel> models =
        of(
            worker("a", "embed", true, model("m", State.UNAVAILABLE, "no memory")),
            worker("b", "embed", true, model("m", State.READY, "")),
            worker("c", "gpu", true, model("m", State.LOADING, ""), model("b", State.READY, "")));

    assertThat(models).extracting(KnownModel::id).containsExactly("b", "m", "m");
    assertThat(models).extracting(KnownModel::pool).containsExactly("gpu", "embed", "gpu");
    KnownModel embed = models.get(1);
    assertThat(embed.state()).isEqualTo(KnownModel.State.READY);
    assertThat(embed.workers()).isEqualTo(2);
    assertThat(embed.dimensions()).isEqualTo(384);
    assertThat(embed.reason()).isEmpty();
    assertThat(embed.capabilities()).containsExactly(Capability.EMBED);
  }

  @Test
  void of_aWorkerThatGaveNoSignOfLife_isNothing() {
    assertThat(of(worker("a", "embed", false, model("m", State.READY, "")))).isEmpty();
  }
}
