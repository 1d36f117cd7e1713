package io.ratatoskr.policy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.catalog.CatalogSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools `local` and `gpu` have one model in one space, `openai` and `other` models of others. */
class FallbackSpacesTest {
  private final Map<String, CatalogSnapshot.Pool> pools = new HashMap<>();

  FallbackSpacesTest() {
    pool("local", Map.of("minilm", "S1"));
    pool("gpu", Map.of("minilm", "S1", "bge", "S2"));
    pool("openai", Map.of("ada", "S3"));
    pool("other", Map.of("bge", "S4"));
    pool("silent", Map.of());
  }

  private void pool(String name, Map<String, String> spaces) {
    Set<String> models = spaces.keySet();
    pools.put(name, new CatalogSnapshot.Pool(1, models, models, Map.of(), spaces));
  }

  private void check(String policy) {
    PolicyFile.parse("policy.toml", policy.replace("~n~", "\n"))
        .check(pools.keySet(), new CatalogSnapshot(Map.of(), pools, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "minilm = ['ada'] | :2:1: routing.fallbacks.minilm: vectors of 'minilm' are of space S1,"
            + " and those of 'ada' of S3",
        "minilm = ['silent', 'bge@gpu'] | routing.fallbacks.minilm: vectors of 'minilm' are of"
            + " space S1, and those of 'bge@gpu' of S2",
        "embed = ['local', 'openai'] | routing.fallbacks.embed: vectors of 'local' are of space S1,"
            + " and those of 'openai' of S3",
        "bge = ['openai'] | vectors of 'bge' are of space S2 or S4, and those of 'openai' of S3",
      })
  void anotherSpace_isRefusedWithItsPlace(String line, String problem) {
    assertThatThrownBy(() -> check("[routing.fallbacks]~n~" + line))
        .hasMessageContaining("policy.toml")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "minilm = ['gpu', 'silent', 'unheard-of']",
        "embed = ['local', 'gpu']",
        "chat = ['local', 'openai']",
        "gpt = ['local', 'openai']",
        "bge = ['bge@other']"
      })
  void oneSpaceOrNoneThatIsKnown_isTaken(String line) {
    assertThatCode(() -> check("[routing.fallbacks]~n~" + line)).doesNotThrowAnyException();
  }
}
