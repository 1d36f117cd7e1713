package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A newcomer writes a file and finds each mistake from the message alone. */
class ConfigCommandTest {
  @TempDir private Path folder;

  private record Ran(int exitCode, String out, String err) {}

  private Ran run(Map<String, String> environment, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(
                new Layers.Surroundings(
                    folder.resolve("etc.toml"), folder.resolve("home.toml"), environment))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static Layers layers(Path file) {
    return Layers.of(Configuration.known(), Layers.Surroundings.none()).withFile(file);
  }

  @Test
  void init_parsesAndChangesNothing() throws IOException {
    Ran ran = run(Map.of(), "config", "init");
    Path file = write("x.toml", ran.out());

    assertThat(ran.exitCode()).isEqualTo(ExitCode.WHOLE);
    assertThat(layers(file).read()).isEqualTo(Values.none());
  }

  @Test
  void init_everyKeyUncommented_isItsDefault() throws IOException {
    String uncommented = run(Map.of(), "config", "init").out().replaceAll("(?m)^#(?=\\S)", "");
    Values values = layers(write("x.toml", uncommented)).read();

    for (Setting<?> setting : Configuration.known().settings()) {
      if (!setting.form().table()) {
        assertThat(values.origin(setting.key())).as(setting.key()).isPresent();
      }
      assertThat((Object) setting.of(values)).as(setting.key()).isEqualTo(setting.fallback());
    }
  }

  @Test
  void init_writesANewFileAndNoOther() {
    Path file = folder.resolve("new.toml");

    assertThat(run(Map.of(), "config", "init", file.toString()).out()).contains("Wrote " + file);
    Ran again = run(Map.of(), "config", "init", file.toString());

    assertThat(again.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).isEqualTo("config init: " + file + " is there already\n");
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void check_saysWhatItRead() throws IOException {
    Path file = write("home.toml", "[router]\nthreads = 3\n");

    Ran ran = run(Map.of(), "config", "check");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.WHOLE);
    assertThat(ran.out()).isEqualTo("Nothing is wrong; read " + file + ".\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[router]~thread = 3 | F:2:1: router.thread: there is no such key; did you mean"
            + " router.threads?",
        "[kafka]~bootstrap.servers = 'a:1' | F:2:1: kafka.bootstrap.servers: is kafka.bootstrap"
            + " here",
        "[kafka]~security.protocl = 'SSL' | F:2:1: kafka.security.protocl: Kafka's clients have no"
            + " such property; did you mean security.protocol?",
        "[workers]~threads = 3 | F:2:1: workers.threads: there is no such key; did you mean"
            + " router.threads?",
        "[router]~cache = true | F:2:1: router.cache: there is no such key; [router] has"
            + " application-id, instance-id, lanes, threads, commit-interval, store, store-memory",
        "[cache]~ttl = 30 | F:2:1: cache.ttl: must be a duration such as 500ms, 30s or 24h: 1s to"
            + " 30d, is `30`",
        "[cache]~enabled = 'on' | F:2:1: cache.enabled: must be true or false, is `on`",
        "[cache]~task-bytes = '1Mo' | F:2:1: cache.task-bytes: must be a size such as 64KiB or"
            + " 256MiB: 1MiB or more, is `1Mo`",
        "[workers]~lanes = ['fast'] | F:2:1: workers.lanes: must be interactive, bulk, is [`fast`]",
        "[workers]~queue = 'quick' | F:2:1: workers.queue: must be auto, shared, claimed, is"
            + " `quick`",
        "[workers]~poll-budget = '5s'~lock = '10s' | F:2:1: workers.poll-budget: must be at most a"
            + " third of workers.lock (PT10S), is PT5S",
        "[retry]~backoff = '40s' | longest-backoff: is shorter than retry.backoff",
        "[lanes]~bulk.queue-limit = '1y' | F:2:1: lanes.bulk.queue-limit: must be a duration",
        "[models]~device = 'gpu' | F:2:1: models.device: must be cpu, cuda:N (the GPU of that"
            + " number) or auto, is `gpu`",
        "[models]~devices.x = 'tpu' | F:2:1: models.devices.x: must be cpu, cuda:N",
        "[models]~embed = ['bert'] | F:2:1: models.embed: must be of all-minilm-l6-v2",
        "[models]~dir = '/no/such' | F:2:1: models.dir: must be a folder, is `/no/such`",
        "[client]~domain = 'ratatoskr.sys' | F:2:1: client.domain: must be a topic prefix",
        "[schema-registry]~url = 'me:secret@h' | F:2:1: schema-registry.url: must be an http or"
            + " https URL, or empty",
        "pooling = 'mean' | F:1:1: pooling: belongs into model.toml in the model's folder",
        "[providers.openai]~url = 'x' | F:2:1: providers.url: there is no such key;"
            + " [providers.NAME] has type, base-url, key, location, models,"
            + " embedding-models, texts-per-call, judges, context, prompt-price,"
            + " answer-price, concurrent, requests-per-minute, burst,"
            + " tokens-per-minute, models-at-once, queue-timeout, connect-timeout, read-timeout,"
            + " write-timeout, trace",
        "[providers.openai]~base-url = 'http://example.org' | F:1:1: providers.name:"
            + " providers.openai.base-url: must be https, since 'example.org' is another machine",
        "[providers.openai]~models = ['a']~prompt-price.b = 1 | F:1:1: providers.prompt-price: 'b'"
            + " is not among providers.models",
        "[routing]~x = 1 | F:2:1: routing.x: there is no such key; [routing] has chat, generate",
        "[[pools]]~name = 'embed'~capability = ['embed'] | F:3:1: pools.capability: there is no"
            + " such key; did you mean pools.capabilities?",
        "[[pools]]~name = 'gpu'~capabilities = ['embedding'] | F:3:1: pools.capabilities: must be"
            + " chat, generate, embed, nli, classify, stance, tokenize, is [`embedding`]",
        "[[pools]]~name = 'gpu' | F:1:1: pools.capabilities: 'gpu' serves nothing; name some of",
        "[[tenants]]~name = 'acme'~in-fligt = 4 | F:3:1: tenants.in-fligt: there is no such key;"
            + " did you mean tenants.in-flight?",
        "[[tenants]]~name = 'acme'~in-flight = -1 | F:3:1: tenants.in-flight: must be 0 to 1000000",
        "[workers]~pool = 'ebmed' | F:2:1: workers.pool: there is no pool 'ebmed' in [[pools]]; did"
            + " you mean 'embed'?",
        "[[profiles]]~model = 'x'~cost = 'dear' | F:3:1: profiles.cost: must be free, low, medium,",
        "[[models]]~id = 'x' | F:1:1: [[models]]: models to serve stand in [models]; what is said"
            + " of a model for routing, in [[profiles]]",
        "[router]~threads = 1~threads = 2 | F:3:1: threads previously defined at line 2, column 1",
        "[router]~threads 3 | F:2:9: Unexpected '3', expected . or =",
        "[kafka]~bootstrap = '${KAFKA}' | F:2:1: kafka.bootstrap: the environment has no variable"
            + " KAFKA; set it, or write ${KAFKA:-default}",
      })
  void check_namesPlaceKeyAndWhatIsAllowed(String content, String expected) throws IOException {
    Path file = write("my.toml", content.replace('~', '\n').replace('\'', '"'));

    Ran ran = run(Map.of(), "config", "check", "--config", file.toString());

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err().replace(file.toString(), "F")).contains(expected.replace('`', '"'));
    assertThat(ran.err()).doesNotContain("secret");
  }

  @Test
  void check_saysEverything_andOtherCommandsTheFirst() throws IOException {
    Path file = write("my.toml", "[router]\nthreads = 0\nthread = 1\n[cach]\nttl = 1\n");

    assertThat(run(Map.of(), "config", "check", "--config", file.toString()).err().lines())
        .hasSize(3);
    assertThat(run(Map.of(), "embed", "x", "--config", file.toString()).err())
        .isEqualTo(
            ("embed: %s:2:1: router.threads: must be 1 to 64, is 0"
                    + " (and 2 more: see 'ratatoskr config check')\n")
                .formatted(file));
  }

  @Test
  void show_theLaterWins_andOriginsAreNamed() throws IOException {
    Path etc = write("etc.toml", "[router]\nthreads = 3\ncommit-interval = \"2s\"\n");
    write("home.toml", "router.threads = 4\n");
    Path login = write("client.properties", "bootstrap.servers=k:1\nssl.key.password=hush\n");
    Map<String, String> environment =
        Map.of(
            "RATATOSKR_CLIENT_LINGER", "7ms", "RATATOSKR_SCHEMA_REGISTRY_URL", "http://u:hush@h");

    Ran ran =
        run(
            environment,
            "config",
            "show",
            "--origin",
            "--kafka-config",
            login.toString(),
            "--set",
            "router.threads=5");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .contains(
            "[router]",
            "threads = 5  # --set router.threads=5",
            "commit-interval = \"2s\"  # " + etc + ":3:1",
            "store = \"rocksdb\"  # default",
            "bootstrap = \"k:1\"  # --kafka-config " + login,
            "ssl.key.password = \"****\"  # --kafka-config " + login,
            "url = \"****\"  # environment variable RATATOSKR_SCHEMA_REGISTRY_URL",
            "linger = \"7ms\"  # environment variable RATATOSKR_CLIENT_LINGER");
    assertThat(ran.out()).doesNotContain("hush");
  }

  private static final String GPU =
      """
      [[pools]]
      name = "embed-gpu"
      capabilities = ["embed"]
      execution-budget = "5m"
      """;

  @Test
  void show_hasThePoolsThatThereAre_inTheirOrder() throws IOException {
    Path file = write("my.toml", GPU);

    String shown = run(Map.of(), "config", "show", "--origin", "--config", file.toString()).out();

    assertThat(shown.lines().filter(line -> line.startsWith("[[pools]]"))).hasSize(4);
    assertThat(shown)
        .contains("[[pools]]\nname = \"embed\"  # default\ncapabilities = [\"embed\"]  # default\n")
        .contains("name = \"embed-gpu\"  # %s:2:1\n".formatted(file))
        .contains("execution-budget = \"5m\"  # %s:4:1\n".formatted(file));
    assertThat(shown.indexOf("\"chat\"  #")).isLessThan(shown.indexOf("\"embed-gpu\""));
  }

  @Test
  void tenants_haveTheirLimits() throws IOException {
    Path file = write("tenants.toml", "[[tenants]]\nname = \"acme\"\nin-flight = 4\n");
    Values values =
        Layers.of(Configuration.known(), Layers.Surroundings.none()).withFile(file).read();

    assertThat(Configuration.of(values).router().admission().tenants())
        .isEqualTo(Map.of("acme", 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nli --pool=embed-gpu | serve: --pool: workers.pool: pool 'embed-gpu' serves embed, and nli"
            + " workers can do nothing but nli, classify, stance, tokenize; name nli",
        "gateway --set=workers.pool=nli | serve: --set workers.pool=nli: workers.pool: pool 'nli'"
            + " serves nli, classify, stance, tokenize, and gateway workers can do nothing but"
            + " chat, generate; name chat",
        "embed --pool=embed-gup | serve: --pool: workers.pool: there is no pool 'embed-gup' in"
            + " [[pools]]; did you mean 'embed-gpu'?",
      })
  void serve_aPoolThatAWorkerCannotServe_isRefusedBeforeAnythingStarts(
      String arguments, String expected) throws IOException {
    Path file = write("my.toml", GPU);
    List<String> line = new ArrayList<>(List.of("serve", "--bootstrap=127.0.0.1:1"));
    line.add("--config=" + file);
    line.addAll(Arrays.asList(arguments.split(" ", -1)));

    Ran ran = run(Map.of(), line.toArray(String[]::new));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).isEqualTo(expected + "\n");
  }

  @Test
  void show_isAFileThatSaysTheSame() throws IOException {
    Path file =
        write(
            "my.toml",
            """
            [router]
            threads = 7
            [models]
            embed = ["all-minilm-l6-v2-q"]
            devices.all-minilm-l6-v2-q = "cuda:1"
            [kafka]
            security.protocol = "SSL"
            [cache]
            task-bytes = "1GiB"
            """
                + GPU);
    String shown = run(Map.of(), "config", "show", "--config", file.toString()).out();
    Values again = layers(write("again.toml", shown)).read();
    Values first = layers(file).read();

    assertThat(Configuration.known().read(again)).isEqualTo(Configuration.known().read(first));
  }

  @Test
  void properties_areShownAsToml() throws IOException {
    Path file = write("old.properties", "router.threads=3\nkafka.ssl.key.password=hush\n");

    Ran ran = run(Map.of(), "embed", "x", "--config", file.toString());

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err())
        .contains("properties are not read; write the same keys as TOML")
        .contains("[router]\nthreads = 3\n")
        .doesNotContain("hush");
  }

  @Test
  void everyFlagThatStandsForAKey_saysSo() {
    Stream.of("embed", "serve", "up", "tokens", "topics create")
        .forEach(command -> {
          String help =
              run(
                      Map.of(),
                      Stream.concat(Arrays.stream(command.split(" ", -1)), Stream.of("--help"))
                          .toArray(String[]::new))
                  .out()
                  .replaceAll("\\s+", " ");
          Map.of(
                  "--bootstrap", "kafka.bootstrap",
                  "--pool", "workers.pool",
                  "--device", "models.device",
                  "--models-dir", "models.dir",
                  "--inflight", "client.in-flight-records")
              .forEach((option, key) -> {
                if (help.contains(" " + option + "=")) {
                  assertThat(help).as("%s --help, %s", command, option).contains("Key: " + key);
                }
              });
        });
  }
}
