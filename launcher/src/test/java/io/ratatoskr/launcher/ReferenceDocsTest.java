package io.ratatoskr.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.ClientMetrics;
import io.ratatoskr.embed.EmbedConfig;
import io.ratatoskr.nli.NliConfig;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.router.RouterMetrics;
import io.ratatoskr.schemas.Setting;
import io.ratatoskr.worker.WorkerConfig;
import io.ratatoskr.worker.WorkerMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The generated pages say what the code says. */
class ReferenceDocsTest {
  private static final Path DOCS = Path.of("../docs");
  private static final int COLUMNS = 100;

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

  @Test
  void commands() throws IOException {
    CommandLine main = Main.commandLine();
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
    check(
        "configuration.md",
        """
        # Configuration

        A key is given on the command line, `--set key=value`, as often as needed, or in a properties
        file, `--config FILE`; the command line wins. A key that no part has is refused. Durations are
        ISO 8601, such as `PT30S`. `kafka.` before a property of Kafka's clients, as in
        `kafka.security.protocol`, hands it to every client of the process. Secrets belong in the file: others
        on the machine can see a command line.

        ## Router

        For `serve router`, and for the router in `up` and in commands without `--bootstrap`, such as
        `embed` and `nli`. There `cache` is on, and in these commands `router-store` is memory.

        """
            + Setting.markdown(RouterConfig.settings())
            + """

            ## Workers

            For `serve embed`, `serve nli` and `serve gateway`, and for the workers in `up` and in commands
            without `--bootstrap`. The command itself sets `bootstrap` and `worker-pool`.

            """
            + Setting.markdown(WorkerConfig.settings())
            + """

            ## Models

            For `serve embed` and `serve nli`, and for these workers in `up` and in commands without
            `--bootstrap`. `--models-dir` sets `models-dir`; `--model` sets `embed-models` and
            `nli-models`.

            """
            + Setting.markdown(ServedModels.settings())
            + """

            ## Embedding

            """
            + Setting.markdown(EmbedConfig.settings())
            + """

            ## NLI

            """
            + Setting.markdown(NliConfig.settings())
            + """

            ## Client

            For commands with `--bootstrap`, whose options set `bootstrap`, `domain` and `in-flight-records`; a
            program gives the same keys to `ClientConfig.of`.

            """
            + Setting.markdown(ClientConfig.settings()));
  }

  @Test
  void metrics() throws IOException {
    check(
        "metrics.md",
        """
        # Metrics

        `up`, and `serve` with `--port`, show them on `http://127.0.0.1:PORT/metrics` for Prometheus, which
        appends units and `_total`, and on `/` for people. In a program of your own they go to the
        Micrometer registry that it hands over.

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
        by it. It shows these metrics, whether the parts are ready and why not, the version, the broker's
        address, the data folder of `up` and the worker's name, in which its host stands. It shows no
        settings, credentials, texts or answers. Let Prometheus alone reach the port.

        ## Router

        """
            + RouterMetrics.markdown()
            + """

            ## Workers

            """
            + WorkerMetrics.markdown()
            + """

            ## Client

            All carry the tag `lane`.

            """
            + ClientMetrics.markdown());
  }
}
