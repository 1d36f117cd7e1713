package io.ratatoskr.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.catalog.CatalogSnapshot.Worker;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.RoutingHints;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A language model's scores are not those of a model made for it: who wants them says so. */
class JudgesTest {
  private static final List<Worker> WORKERS =
      List.of(worker("nli", "made", "nli"), worker("cloud", "big", "chat", "nli"));

  private static Worker worker(String pool, String model, String... capabilities) {
    Set<String> all = Set.of(capabilities);
    Model only =
        new Model(
            model,
            State.READY,
            Optional.empty(),
            "",
            "",
            all,
            0,
            0,
            Location.LOCAL,
            Optional.empty());
    return new Worker(pool + "-1", pool, true, all, Set.of(), List.of(only), 0, "1");
  }

  private static List<String> asked(String policy, String model, RoutingHints hints) {
    RequestHead head =
        new RequestHead(
            new RequestId(new UUID(1, 1)),
            model,
            "",
            false,
            "",
            DataPolicy.LOCAL_ONLY,
            CacheMode.OFF,
            hints);
    return new RoutingPolicy(
            Pools.standard(),
            PolicyFile.parse("policy.toml", policy).config(),
            new PolicyLimits(Map.of(), Duration.ofSeconds(60), Duration.ofMinutes(10)))
            .choose(
                new Ask(Capability.NLI, Lane.INTERACTIVE, head),
                new World(
                    CatalogSnapshot.of(WORKERS, true),
                    WORKERS.stream()
                        .map(worker -> Topics.work(Lane.INTERACTIVE, worker.pool()))
                        .collect(Collectors.toSet())))
            .chain()
            .stream()
            .map(one -> one.model() + "@" + one.pool())
            .toList();
  }

  @Test
  void auto_neverComesToALanguageModel_thatNobodyNames() {
    assertThat(asked("", "auto", RoutingHints.NONE)).containsExactly("made@nli");
    assertThat(asked("", "made", RoutingHints.NONE)).containsExactly("made@nli");
  }

  @Test
  void request_thatNamesIt_orItsPool_getsIt() {
    assertThat(asked("", "big", RoutingHints.NONE)).containsExactly("big@cloud");
    assertThat(asked("", "auto", RoutingHints.NONE.withProvider("cloud")))
        .containsExactly("big@cloud");
  }

  @ParameterizedTest
  @ValueSource(strings = {"big@cloud", "cloud", "big"})
  void fallback_thatNamesIt_isAskedLast(String named) {
    String policy = "[routing.fallbacks]\nnli = [\"%s\"]".formatted(named);

    assertThat(asked(policy, "auto", RoutingHints.NONE)).containsExactly("made@nli", "big@cloud");
    assertThat(asked(policy, "made", RoutingHints.NONE)).containsExactly("made@nli", "big@cloud");
  }
}
