package io.ratatoskr.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a newcomer does wrong, and what is said about it. */
class MistakesTest {
  private static final KnownSettings KNOWN =
      new KnownSettings(
          List.of(
              new Section(
                  "kafka",
                  "",
                  List.of(
                      Setting.text(
                          "kafka.bootstrap", "", "host:port", text -> text.contains(":"), "Where."),
                      Setting.table(
                              "kafka",
                              List.of("bootstrap"),
                              "a property",
                              (name, text) -> text,
                              "Others.")
                          .hiddenWhere(key -> key.contains("password")))),
              new Section(
                  "router",
                  "",
                  List.of(
                      Setting.integer("router.threads", 2, 1, 64, "Threads."),
                      Setting.duration(
                          "router.backoff",
                          Duration.ofSeconds(1),
                          Duration.ZERO,
                          Duration.ofHours(1),
                          "Pause."))),
              new Section(
                  "models",
                  "",
                  List.of(
                      Setting.list(
                          "models.embed", List.of("mini"), "names", text -> !text.isEmpty(), ""),
                      Setting.text("models.device", "cpu", "cpu or cuda", text -> true, ""))),
              new Section("cache", "", List.of(Setting.flag("cache.enabled", false, "Whether."))),
              new Section(
                  "pools",
                  "",
                  List.of(
                      Setting.text(
                          "pools.name", "", "a name", text -> text.matches("[a-z]+"), "Which."),
                      Setting.integer("pools.slots", 1, 1, 9, "How many.")),
                  new Section.Repetition(List.of(), Map.of())),
              new Section(
                  "servers",
                  "",
                  List.of(
                      Setting.text(
                          "servers.name", "", "a name", text -> text.matches("[a-z]+"), "Which."),
                      Setting.integer("servers.slots", 1, 1, 9, "How many.")),
                  new Section.Repetition(List.of(), Map.of(), true))),
          Map.of(
              "providers", "not yet known to this version",
              "[[presets]]", "not yet known to this version",
              "pooling", "belongs into model.toml in the model's folder"));

  @TempDir private Path folder;

  private String message(String content, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("ratatoskr.toml"), content);
    InvalidSettingsException e =
        catchThrowableOfType(
            InvalidSettingsException.class, () -> TomlSource.read(file, KNOWN, environment));
    assertThat(e).as("what is said of %s", content).isNotNull();
    return String.valueOf(e.getMessage()).replace(file.toString(), "F");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[router]/treads = 3 | F:2:1: router.treads: there is no such key; did you mean"
            + " router.threads?",
        "[router]/colour = 3 | F:2:1: router.colour: there is no such key; [router] has threads,"
            + " backoff",
        "[ruoter]/threads = 3 | F:1:1: [ruoter]: there is no such section; did you mean [router]?",
        "[x]/a = 1 | F:1:1: [x]: there is no such section; there are kafka, router, models, cache,"
            + " pools, servers",
        "[servers.a]/slot = 1 | F:2:1: servers.slot: there is no such key; did you mean"
            + " servers.slots?",
        "[servers.a]/slots = 0 | F:2:1: servers.slots: must be 1 to 9, is 0",
        "[servers.A]/slots = 1 | F:1:1: servers.name: must be a name, is `A`",
        "[servers.a]/name = `b` | F:2:1: servers.name: stands in the header alone: [servers.a]",
        "[servers]/slots = 1 | F:2:1: servers.slots: write [servers.NAME] in a file, with a name"
            + " for each, and its keys below",
        "[[servers]]/slots = 1 | F:1:1: [[servers]]: write [servers.NAME] in a file, with a name"
            + " for each, and its keys below",
        "servers = 1 | F:1:1: servers: write [servers.NAME] in a file, with a name for each, and"
            + " its keys below",
        "[router]/device = `cpu` | F:2:1: router.device: there is no such key; did you mean"
            + " models.device?",
        "threads = 3 | F:1:1: threads: there is no such key; did you mean router.threads?",
        "router-threads = 3 | F:1:1: router-threads: there is no such key; did you mean"
            + " router.threads?",
        "[router]/threads = `two` | F:2:1: router.threads: must be a whole number: 1 to 64, is"
            + " `two`",
        "[router]/threads = 2.5 | F:2:1: router.threads: must be a whole number: 1 to 64, is `2.5`",
        "[router]/threads = [1, 2] | F:2:1: router.threads: must be a whole number: 1 to 64, is"
            + " [`1`, `2`]",
        "[router.threads]/x = 1 | F:1:1: router.threads: takes a value, not a table",
        "router = 1 | F:1:1: router: is a section: write [router] and its keys below",
        "[router]/threads = 65 | F:2:1: router.threads: must be 1 to 64, is 65",
        "[router]/backoff = 30 | F:2:1: router.backoff: must be a duration such as 500ms, 30s or"
            + " 24h: 0s to 1h, is `30`",
        "[router]/backoff = `2h` | F:2:1: router.backoff: must be 0s to 1h, is `2h`",
        "[cache]/enabled = `on` | F:2:1: cache.enabled: must be true or false, is `on`",
        "[models]/embed = [[`a`]] | F:2:1: models.embed: holds a list in a list",
        "[router]/threads = 1/threads = 2 | F:3:1: threads previously defined at line 2, column 1",
        "[router]/threads = | F:2:10: Unexpected end of input",
        "[router/threads = 1 | F:1:8: Unexpected end of line, expected ]",
        "[router]/threads = 2 # two/backoff = 3s | F:3:12: Unexpected 's'",
        "[kafka]/bootstrap = `${HOST}:9` | F:2:1: kafka.bootstrap: the environment has no variable"
            + " HOST; set it, or write ${HOST:-default}",
        "[kafka]/bootstrap = `${HO ST}:9` | F:2:1: kafka.bootstrap: has a ${ that is no variable:"
            + " write ${NAME} or ${NAME:-default}, or $${ for ${",
        "[kafka]/bootstrap = 9092 | F:2:1: kafka.bootstrap: must be host:port, is `9092`",
        "[providers.x]/url = `y` | F:1:1: providers: not yet known to this version",
        "[[presets]]/name = `y` | F:1:1: [[presets]]: not yet known to this version",
        "[[pool]]/name = `y` | F:1:1: [pool]: there is no such section; did you mean [[pools]]?",
        "[pools]/name = `y` | F:1:1: [pools]: write [[pools]] in a file, once for each, and its"
            + " keys below",
        "pools = 3 | F:1:1: pools: write [[pools]] in a file, once for each, and its keys below",
        "pools = [{name = `y`}, 3] | F:1:24: [[pools]]: holds a value",
        "[[pools]]/nam = `y` | F:2:1: pools.nam: there is no such key; did you mean pools.name?",
        "[[pools]]/name = `y`/colour = `y` | F:3:1: pools.colour: there is no such key; [[pools]]"
            + " has name, slots",
        "[[pools]]/slots = 2 | F:1:1: pools.name: must be given",
        "[[pools]]/name = `Y` | F:2:1: pools.name: must be a name, is `Y`",
        "[[pools]]/name = `y`/slots = 10 | F:3:1: pools.slots: must be 1 to 9, is 10",
        "[[pools]]/name = `y`/[[pools]]/name = `z`/[[pools]]/name = `y` | F:6:1: pools.name: `y`"
            + " stands twice; it is at F:2:1 already",
        "[[router]]/threads = 1 | F:1:1: [[router]]: is one section: write [router], once",
        "pooling = `mean` | F:1:1: pooling: belongs into model.toml in the model's folder",
      })
  void eachIsNamedWithItsPlace(String content, String expected) throws IOException {
    String toml = content.replace('/', '\n').replace('`', '"');

    assertThat(message(toml, Map.of())).startsWith(expected.replace('`', '"'));
  }

  @Test
  void allAreFound() throws IOException {
    Path file = Files.writeString(folder.resolve("x.toml"), "[router]\nthreads = 0\nx = 1\n");

    InvalidSettingsException e =
        catchThrowableOfType(
            InvalidSettingsException.class, () -> TomlSource.read(file, KNOWN, Map.of()));

    assertThat(e.mistakes()).hasSize(2);
    assertThat(e).hasMessageEndingWith("(and 1 more: see 'ratatoskr config check')");
  }

  @Test
  void aFileThatIsNotThereOrNoText() throws IOException {
    Path bytes = Files.write(folder.resolve("x.toml"), new byte[] {(byte) 0xff, 'x'});

    assertThat(
            catchThrowableOfType(
                InvalidSettingsException.class,
                () -> TomlSource.read(folder.resolve("no.toml"), KNOWN, Map.of())))
        .hasMessageEndingWith("no.toml: there is no such file");
    assertThat(
            catchThrowableOfType(
                InvalidSettingsException.class, () -> TomlSource.read(bytes, KNOWN, Map.of())))
        .hasMessageEndingWith("x.toml: is not UTF-8 text");
  }

  @Test
  void properties_areShownAsToml() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("client.properties"),
            """
            router.threads=3
            router.colour=red
            kafka.bootstrap=a:1
            kafka.ssl.key.password=hush
            kafka.security.protocol=SSL
            models.embed=a,b
            """);

    assertThat(
            catchThrowableOfType(
                InvalidSettingsException.class, () -> TomlSource.read(file, KNOWN, Map.of())))
        .hasMessage(
            file
                + """
                : properties are not read; write the same keys as TOML, in a .toml file:
                [kafka]
                bootstrap = "a:1"
                security.protocol = "SSL"
                ssl.key.password = "****"
                [models]
                embed = ["a", "b"]
                [router]
                # not known: colour
                threads = 3\
                """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "router.treads | 3 | --set router.treads: router.treads: there is no such key; did you mean"
            + " router.threads?",
        "router.threads | 0 | --set router.threads=0: router.threads: must be 1 to 64, is 0",
        "pools.slots | 3 | --set pools.slots: pools.slots: write [[pools]] in a file, once for"
            + " each, and its keys below",
        "models.embed | [a | --set models.embed=[a: models.embed: is no list such as [\"a\","
            + " \"b\"]: [a",
      })
  void set(String key, String text, String expected) {
    Layers layers = Layers.of(KNOWN, Layers.Surroundings.none()).withSet(Map.of(key, text));

    assertThat(catchThrowableOfType(InvalidSettingsException.class, layers::read))
        .hasMessage(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RATATOSKR_ROUTER_TREADS | 3 | environment variable RATATOSKR_ROUTER_TREADS: stands for no"
            + " key; did you mean RATATOSKR_ROUTER_THREADS?",
        "RATATOSKR_POOLS_SLOTS | 3 | environment variable RATATOSKR_POOLS_SLOTS: stands for no key;"
            + " docs/configuration.md lists all",
        "RATATOSKR_ROUTER_THREADS | x | environment variable RATATOSKR_ROUTER_THREADS:"
            + " router.threads: must be a whole number: 1 to 64, is \"x\"",
      })
  void environment(String name, String text, String expected) {
    Layers layers =
        Layers.of(KNOWN, new Layers.Surroundings(folder.resolve("a"), folder, Map.of(name, text)));

    assertThat(catchThrowableOfType(InvalidSettingsException.class, layers::read))
        .hasMessage(expected);
  }
}
