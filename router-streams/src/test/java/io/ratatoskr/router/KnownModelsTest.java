package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Pools;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes at once of requests that no worker could answer, whatever they ask for. */
class KnownModelsTest {
  private static String pool(Capability capability) {
    return Pools.standard().serving(capability).getFirst().name();
  }

  private static void assertRefused(Rig rig, String code, String words) {
    List<Told> replies = rig.replies();
    assertThat(replies).extracting(Told::outcome).containsExactly(code);
    assertThat(replies.getFirst().error().getMessage()).contains(words);
    assertThat(rig.work()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE"})
  void unknownModel_isRefusedNamingThoseThereAre(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          pool(capability), new CatalogSnapshot.Pool(1, Set.of("b", "a"), Set.of("a"), Map.of()));

      rig.send(capability, "c");

      assertRefused(rig, "ModelNotFound", "no worker knows 'c'; there are a, b");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE"})
  void modelThatNoWorkerCanUse_isRefusedSayingWhy(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          pool(capability),
          new CatalogSnapshot.Pool(
              2, Set.of("b", "a"), Set.of("a"), Map.of("b", "no tokenizer.json")));

      rig.send(capability, "b");

      assertRefused(rig, "ModelNotAvailable", "no worker can use 'b': no tokenizer.json");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBED", "NLI", "CLASSIFY", "STANCE", "TOKENIZE"})
  void modelThatIsLoading_orPoolThatIsAway_isWaitedFor(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.send(capability, "a");
      rig.catalog.pools.put(
          pool(capability), new CatalogSnapshot.Pool(1, Set.of("b"), Set.of(), Map.of()));
      rig.send(capability, "b");

      assertThat(rig.work()).hasSize(2);
      assertThat(rig.replies()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "TOKENIZE")
  void tokenizerOfAModelThatNobodyRuns_isTheWorkersToKnow(Capability capability) {
    try (Rig rig = new Rig()) {
      rig.catalog.pools.put(
          pool(capability), new CatalogSnapshot.Pool(1, Set.of("a"), Set.of("a"), Map.of()));

      rig.send(capability, "gpt-4o");

      assertThat(rig.work()).hasSize(1);
    }
  }
}
