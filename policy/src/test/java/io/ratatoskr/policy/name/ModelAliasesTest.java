package io.ratatoskr.policy.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.settings.KnownSettings;
import io.ratatoskr.settings.TomlSource;
import io.ratatoskr.settings.TomlText;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelAliasesTest {
  private static final KnownSettings KNOWN =
      new KnownSettings(List.of(ModelAliases.SECTION), Map.of());

  @TempDir private Path folder;

  private Values values(String toml) throws IOException {
    Path file = folder.resolve("policy.toml");
    Files.writeString(file, toml);
    return TomlSource.read(file, KNOWN, Map.of());
  }

  @Test
  void areReadAndShown() throws IOException {
    Values values =
        values("[routing.aliases]\nfast = \"llama3.2:3b\"\n\"gpt-4.1\" = \" claude-sonnet-4 \"\n");
    Map<String, String> expected = Map.of("fast", "llama3.2:3b", "gpt-4.1", "claude-sonnet-4");

    assertThat(ModelAliases.of(values).byName()).isEqualTo(expected);
    assertThat(ModelAliases.of(values(TomlText.of(KNOWN, values, false))).byName())
        .isEqualTo(expected);
    assertThat(ModelAliases.of(Values.none())).isEqualTo(ModelAliases.none());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a = 'b'; b = 'c'; c = 'a' | :2:1: routing.aliases.a: goes in a circle: a -> b -> c -> a",
        "a = 'a' | :2:1: routing.aliases.a: goes in a circle: a -> a",
        "a = 'b'; b = 'c'; c = 'b' | :2:1: routing.aliases.a: goes in a circle: a -> b -> c -> b",
        "auto = 'b' | :2:1: routing.aliases.auto: is reserved: auto and names",
        "'ratatoskr:free/x' = 'b' | is reserved",
        "a = '' | :2:1: routing.aliases.a: must be a name of at most 256 characters",
      })
  void whatIsWrongIsRefusedWithItsPlace(String entries, String problem) {
    assertThatThrownBy(() ->
            ModelAliases.of(values("[routing.aliases]\n" + entries.replace("; ", "\n") + "\n")))
        .hasMessageContaining(problem);
  }

  @Test
  void sixteenMayStandBehindOneAnother() {
    Map<String, String> chain = new HashMap<>();
    for (int i = 1; i <= ModelAliases.DEEPEST; i++) {
      chain.put("a%02d".formatted(i), "a%02d".formatted(i + 1));
    }
    ModelServers nobody = new ModelServers(Map.of(), Map.of());

    assertThat(new ModelName("a01").resolve(new ModelAliases(chain), nobody))
        .isInstanceOfSatisfying(
            ModelTarget.Exact.class, exact -> assertThat(exact.model()).isEqualTo("a17"));

    chain.put("a17", "a18");
    assertThatThrownBy(() -> new ModelAliases(chain))
        .hasMessageStartingWith(
            "routing.aliases.a01: has more than 16 aliases behind one another: a01 -> a02 -> ");
  }
}
