package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics follow from the pools and limits of the configuration. */
@WithKafka(ownBroker = true)
class TopicsCommandIT {
  private static final KafkaFuture<Config> NONE =
      KafkaFuture.completedFuture(new Config(List.of()));

  @TempDir private Path folder;

  private record Ran(int exitCode, String out) {}

  private static Ran topics(TestKafka kafka, String command, Path file) {
    StringWriter out = new StringWriter();
    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setOut(new PrintWriter(out))
            .execute(
                "topics",
                command,
                "--bootstrap=" + kafka.bootstrapServers(),
                "--config=" + file,
                "--partitions=3",
                "--replication-factor=1");
    return new Ran(exitCode, out.toString());
  }

  @Test
  void create_makesTheTopicsOfFurtherPools_byTheirQueuesAndLimits(TestKafka kafka)
      throws Exception {
    Path first = Files.writeString(folder.resolve("first.toml"), "");
    Path file =
        Files.writeString(
            folder.resolve("ratatoskr.toml"),
            """
            [lanes.bulk]
            queue-limit = "2h"
            [[pools]]
            name = "shared-one"
            capabilities = ["embed"]
            [[pools]]
            name = "claimed-one"
            capabilities = ["embed"]
            queue = "claimed"
            """);
    assertThat(topics(kafka, "create", first).exitCode()).isEqualTo(ExitCode.WHOLE);
    Ran before = topics(kafka, "list", file);
    assertThat(before.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(before.out().lines().filter(line -> line.contains("missing"))).hasSize(4);

    assertThat(topics(kafka, "create", file).out()).startsWith("4 topics made");

    assertThat(topics(kafka, "list", file).exitCode()).isEqualTo(ExitCode.WHOLE);
    String shared = Topics.work(Lane.BULK, "shared-one");
    String claimed = Topics.work(Lane.BULK, "claimed-one");
    assertThat(kafka.admin().describeTopics(List.of(shared, claimed)).allTopicNames().get())
        .hasEntrySatisfying(shared, topic -> assertThat(topic.partitions()).hasSize(1))
        .hasEntrySatisfying(claimed, topic -> assertThat(topic.partitions()).hasSize(3));
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, shared);
    Config settings =
        kafka.admin().describeConfigs(List.of(topic)).values().getOrDefault(topic, NONE).get();
    assertThat(settings.get("retention.ms").value())
        .isEqualTo(Long.toString(Duration.ofHours(3).toMillis()));
  }

  @Test
  void apply_makesTheTopicsOfThePolicysPools_andHoldsUntilItIsWithdrawn(TestKafka kafka)
      throws Exception {
    Path none = Files.writeString(folder.resolve("none.toml"), "");
    Path policy =
        Files.writeString(
            folder.resolve("policy.toml"),
            """
            # mine
            [[pools]]
            name = "policy-pool"
            capabilities = ["chat"]
            queue = "claimed"
            [[queues]]
            name = "acme"
            pools = ["policy-pool", "embed"]
            tenants = ["acme"]
            """);
    assertThat(topics(kafka, "create", none).exitCode()).isEqualTo(ExitCode.WHOLE);
    String bootstrap = "--bootstrap=" + kafka.bootstrapServers();

    CommandRun applied = CommandRun.of("policy", "apply", bootstrap, policy.toString());

    assertThat(applied.exitCode()).as(applied.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(applied.out().lines())
        .containsExactlyInAnyOrder(
            "Made topic " + Topics.work(Lane.INTERACTIVE, "policy-pool"),
            "Made topic " + Topics.work(Lane.BULK, "policy-pool"),
            "Made topic " + Topics.work(Lane.INTERACTIVE, "policy-pool", "acme"),
            "Made topic " + Topics.work(Lane.BULK, "policy-pool", "acme"),
            "Made topic " + Topics.work(Lane.INTERACTIVE, "embed", "acme"),
            "Made topic " + Topics.work(Lane.BULK, "embed", "acme"),
            "Applied " + policy + " to " + kafka.bootstrapServers());
    String work = Topics.work(Lane.BULK, "policy-pool");
    String queue = Topics.work(Lane.BULK, "policy-pool", "acme");
    String shared = Topics.work(Lane.BULK, "embed", "acme");
    assertThat(kafka.admin().describeTopics(List.of(work, queue, shared)).allTopicNames().get())
        .hasEntrySatisfying(work, topic -> assertThat(topic.partitions()).hasSize(3))
        .hasEntrySatisfying(queue, topic -> assertThat(topic.partitions()).hasSize(3))
        .hasEntrySatisfying(shared, topic -> assertThat(topic.partitions()).hasSize(1));
    assertThat(CommandRun.of("policy", "show", bootstrap).out())
        .isEqualTo(Files.readString(policy));
    assertThat(CommandRun.of("policy", "diff", bootstrap, policy.toString()).err())
        .isEqualTo("Nothing would change.\n");

    assertThat(CommandRun.of("policy", "withdraw", bootstrap).exitCode()).isEqualTo(ExitCode.WHOLE);
    assertThat(CommandRun.of("policy", "show", bootstrap))
        .isEqualTo(
            new CommandRun(
                ExitCode.WHOLE,
                "",
                "No policy is applied; that of each router's configuration holds.\n"));
  }
}
