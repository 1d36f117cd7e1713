package io.ratatoskr.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.ClientMetrics;
import io.ratatoskr.gateway.GatewayMetrics;
import io.ratatoskr.policy.preset.Presets;
import io.ratatoskr.policy.task.Classification;
import io.ratatoskr.policy.task.TaskClasses;
import io.ratatoskr.policy.task.TaskClassifier;
import io.ratatoskr.router.RouterMetrics;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Section;
import io.ratatoskr.worker.WorkerMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The generated pages say what the code says. */
class ReferenceDocsTest {
  private static final Path DOCS = Path.of("../docs");
  private static final int COLUMNS = 100;

  private static final String QUESTIONS =
      """

      ## Questions for Prometheus

      What a percentile is read from is a bucket, so it is exact to the distance between two of them.

      | question | PromQL |
      |---|---|
      | How long do 99 of 100 requests take, as the client sees it? | `histogram_quantile(0.99, sum by (le, lane) (rate(ratatoskr_client_latency_seconds_bucket[5m])))` |
      | How long does work wait for a worker? | `histogram_quantile(0.99, sum by (le, pool, lane) (rate(ratatoskr_worker_queue_seconds_bucket[5m])))` |
      | How long does a worker take? | `histogram_quantile(0.99, sum by (le, pool, lane) (rate(ratatoskr_worker_execution_seconds_bucket[5m])))` |
      | What share of interactive work waits less than 100 ms? | `sum(rate(ratatoskr_worker_queue_seconds_bucket{lane="interactive",le="0.1"}[5m])) / sum(rate(ratatoskr_worker_queue_seconds_count{lane="interactive"}[5m]))` |
      | How many requests a second, and what became of them? | `sum by (lane, outcome) (rate(ratatoskr_router_requests_total[5m]))` |
      | What share comes from the cache? | `sum(rate(ratatoskr_router_cache_hits_total[5m])) / (sum(rate(ratatoskr_router_cache_hits_total[5m])) + sum(rate(ratatoskr_router_cache_misses_total[5m])))` |
      | How much work was lost by a worker and sent again? | `sum(increase(ratatoskr_router_vanished_total[1h])) + sum(increase(ratatoskr_router_worker_crashes_total[1h]))` |
      """;

  private static final List<String> PROMPTS =
      List.of(
          "Write a function that reverses a string.",
          "Describe the function of the liver.",
          "Tell me the story of integral calculus.",
          "Solve the mystery of the missing cake in a short story.",
          "What is 15% of 240?",
          "How do I prove my identity at the bank?",
          "Decode this postcode for me: SW1A 1AA");

  private static void check(String file, String current) throws IOException {
    Path page = DOCS.resolve(file);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(page, current);
    }
    assertThat(page)
        .as("docs/%s is stale; build/docs rewrites it", file)
        .usingCharset(UTF_8)
        .hasContent(current);
  }

  /** Checks a generated part of a page that is written by hand otherwise. */
  private static void checkPart(String file, String part, String current) throws IOException {
    String begin = "<!-- generated: " + part + " -->\n";
    String page = Files.readString(DOCS.resolve(file));
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf("<!-- end -->", from);
    assertThat(from).as("docs/%s has no %s", file, begin).isGreaterThanOrEqualTo(begin.length());
    check(file, page.substring(0, from) + current + page.substring(to));
  }

  @Test
  void commands() throws IOException {
    CommandLine main = Main.commandLine(Layers.Surroundings.none());
    main.setUsageHelpAutoWidth(false);
    main.setUsageHelpWidth(COLUMNS);
    StringBuilder page = new StringBuilder();
    page.append("# Commands\n\n");
    page.append("What `ratatoskr COMMAND --help` prints. In a checkout the command is ");
    page.append("`./ratatoskr`. `--debug`\n");
    page.append("goes with every command.\n");
    append(main, page);
    check("cli.md", page.toString());
  }

  private static void append(CommandLine command, StringBuilder page) {
    page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```text\n");
    command
        .getUsageMessage(Ansi.OFF)
        .strip()
        .lines()
        .forEach(line -> page.append(line.stripTrailing()).append('\n'));
    page.append("```\n");
    command.getSubcommands().values().forEach(child -> append(child, page));
  }

  @Test
  void configuration() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration

            Every key has a section and a name. A value is looked for in this order; the later wins:

            1. `/etc/ratatoskr/ratatoskr.toml`
            2. `~/.ratatoskr/ratatoskr.toml`
            3. `~/.ratatoskr/secrets.toml`, for keys that nobody else may read; refused unless its mode is 0600 or 0400
            4. the file of `--config FILE`; then `--kafka-config FILE`, a properties file of a Kafka client, as
               the keys `kafka.*`
            5. the environment: `RATATOSKR_ROUTER_THREADS` is `router.threads`
            6. `--set router.threads=3`, as often as needed
            7. options that stand for a key, which `--help` names

            ```toml
            [kafka]
            bootstrap = "kafka-1:9093,kafka-2:9093"
            security.protocol = "SASL_SSL"
            sasl.mechanism = "PLAIN"
            sasl.jaas.config = "${KAFKA_LOGIN}"

            [models]
            embed = ["all-minilm-l6-v2-q"]
            device = "cpu"

            [lanes.bulk]
            queue-limit = "12h"
            ```

            Durations are such as `500ms`, `30s`, `10m`, `24h`, `7d`, `1h30m`, or ISO 8601 (`PT30S`); sizes such as
            `64KiB`, `256MiB`, or bytes. `${VAR}` in a text is a variable of the environment, `${VAR:-default}` has
            a default, `$${` is `${`. On a command line and in the environment a list is written `a,b`, or as in a
            file where an entry has a comma. A key that is not known is refused with its line and the nearest one;
            `[routing]` and `[[profiles]]` are kept for later versions.
            `[[pools]]` stands in files alone, once for each pool; a later file's pool takes the place of one of
            the same name. `[providers.NAME]` stands in files alone too, and a later file adds keys to it: a key in
            `secrets.toml` belongs to the provider of another file. Secrets belong in a file or the environment: others on the machine can see a command line.

            `up` and `serve` read the files again at SIGHUP and at `ratatoskr reload`. What is marked as *live*
            changes; what is not is named and needs a restart; where anything is wrong nothing changes.

            """);
    for (Section section : Configuration.known().sections()) {
      page.append("\n## %s\n\n%s\n\n".formatted(section.header(), section.doc()));
      page.append(section.markdown());
    }
    check("configuration.md", page.toString().replace("\n\n\n", "\n\n"));
  }

  @Test
  void presets() throws IOException {
    checkPart("routing.md", "presets", Presets.standard().markdown());
  }

  @Test
  void taskClasses() throws IOException {
    TaskClasses classes = TaskClasses.standard();
    checkPart("routing.md", "task-classes", classes.markdown());
    TaskClassifier classifier = new TaskClassifier(classes);
    StringBuilder table =
        new StringBuilder("| prompt | class | confidence | reason |\n|---|---|---|---|\n");
    for (String prompt : PROMPTS) {
      Classification found = classifier.classify(prompt);
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | `%s` | %.2f | %s |\n",
              prompt,
              found.taskClass().className(),
              found.confidence(),
              found.reason()));
    }
    checkPart("routing.md", "prompts", table.toString());
  }

  @Test
  void metrics() throws IOException {
    check(
        "metrics.md",
        """
        # Metrics

        `up`, and `serve` with `--port`, show them on `http://127.0.0.1:PORT/metrics` for Prometheus and on `/` for
        people. In a program of your own they go to the Micrometer registry that it hands over. The names are
        the same everywhere: a counter ends in `_total`, a timer in `_seconds`. Prometheus reads a timer as
        a histogram, `..._seconds_bucket`, `_sum` and `_count`, with buckets from 1 ms to 30 minutes, and
        its largest recent value as `..._seconds_max`.

        ## Scraping

        The page listens on loopback unless `--host` names another address of the machine: `--host 0.0.0.0`
        in a container, whose address is not known before. `docker-compose.yml` does so, without publishing
        the port: a Prometheus in the same network reaches each role under its name.

        ```yaml
        scrape_configs:
          - job_name: ratatoskr
            static_configs:
              - targets: ["router:9741", "embed-1:9741", "embed-2:9741", "nli-1:9741"]
        ```

        Whoever reaches the port can read the page, without TLS or a password; nobody can change anything
        by it, but a process on the same machine may have the configuration read again (`ratatoskr reload`). It shows these metrics, whether the parts are ready and why not, the version, the broker's
        address, the data folder of `up`, the worker's name, in which its host stands, and beside a router each
        pool with its models. It shows no settings, credentials, texts or answers. Let Prometheus alone reach the port.

        ## Router

        """
            + RouterMetrics.markdown()
            + """

            ## Workers

            """
            + WorkerMetrics.markdown()
            + """

            ## Providers

            Where a worker calls providers. Their models are the names that requests use.

            """
            + GatewayMetrics.markdown()
            + """

            ## Client

            """
            + ClientMetrics.markdown()
            + QUESTIONS);
  }
}
