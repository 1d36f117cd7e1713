package io.ratatoskr.launcher.serve;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.launcher.command.Broker;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Settings;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.TopicSpec;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes and shows the topics of docs/topics.md. */
@Command(
    name = "topics",
    description = "Make or list the topics of a deployment.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class TopicsCommand implements Runnable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: create or list");
  }

  /** The options that fix the topics of a deployment. */
  static final class Shape {
    @Option(
        names = "--domain",
        paramLabel = "PREFIX",
        description = "Topic prefix of a domain; may be repeated. Default: ratatoskr.default")
    private List<String> domains = List.of(Domain.DEFAULT.prefix());

    @Option(
        names = "--partitions",
        paramLabel = "N",
        defaultValue = "12",
        description = "Partitions of requests, results and cancellations. Default: 12")
    private int partitions;

    @Option(
        names = "--reply-partitions",
        paramLabel = "N",
        defaultValue = "32",
        description = "Partitions of the reply topics. Default: 32")
    private int replyPartitions;

    @Option(
        names = "--replication-factor",
        paramLabel = "N",
        defaultValue = "3",
        description = "Copies of every topic. Default: 3")
    private short replicationFactor;

    Deployment deployment() {
      return new Deployment(
          domains.stream().map(Domain::new).toList(),
          partitions,
          replyPartitions,
          replicationFactor,
          Duration.ofDays(7));
    }
  }

  /** The options for which Kafka has the topics, and which they are. */
  static final class Target {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--bootstrap",
        paramLabel = "HOST:PORT",
        description = "The Kafka that has them. Key: kafka.bootstrap")
    private @Nullable String bootstrap;

    @Mixin private Shape shape = new Shape();

    @Mixin private Settings settings = new Settings();

    Deployment deployment() {
      return shape.deployment();
    }

    /** Applies the inquiry to the topics of the configuration. */
    <R> R with(BiFunction<TopicCreation, List<TopicSpec>, R> inquiry) {
      Layers layers = settings.layers();
      if (bootstrap != null) {
        layers = layers.withFlag("--bootstrap", KafkaProperties.BOOTSTRAP.key(), bootstrap);
      }
      Values values = layers.read();
      if (values.origin(KafkaProperties.BOOTSTRAP.key()).isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "name the Kafka: --bootstrap, or the key kafka.bootstrap");
      }
      List<TopicSpec> topics =
          Configuration.of(values).topics(deployment(), EnumSet.allOf(Lane.class));
      try (Admin admin =
          Broker.admin(KafkaProperties.BOOTSTRAP.of(values), KafkaProperties.of(values))) {
        return inquiry.apply(new TopicCreation(admin, TIMEOUT), topics);
      }
    }
  }

  @Command(
      name = "create",
      description = "Make the topics that are missing; leave the others as they are.",
      mixinStandardHelpOptions = true)
  int create(@Mixin Target target) {
    List<TopicCreation.Outcome> outcomes =
        target.with(
            (creation, topics) -> creation.create(topics, target.deployment().replicationFactor()));
    PrintWriter out = out();
    long made = outcomes.stream().filter(TopicCreation.Outcome::created).count();
    for (TopicCreation.Outcome outcome : outcomes) {
      if (outcome.differs()) {
        out.printf(
            "%s has %d partitions, not %d%n",
            outcome.spec().name(), outcome.existing(), outcome.spec().partitions());
      }
    }
    out.printf("%d topics made, %d were there%n", made, outcomes.size() - made);
    out.flush();
    return outcomes.stream().anyMatch(TopicCreation.Outcome::differs)
        ? ExitCode.FAILED
        : ExitCode.WHOLE;
  }

  @Command(
      name = "list",
      description = "Show every topic: whether it is there, what it keeps, who uses it.",
      mixinStandardHelpOptions = true)
  int list(@Mixin Target target) {
    return target.with((creation, topics) -> show(topics, creation.existing(topics)));
  }

  private int show(List<TopicSpec> specs, Map<String, Integer> there) {
    int width = specs.stream().mapToInt(spec -> spec.name().length()).max().orElse(0);
    PrintWriter out = out();
    out.printf(
        "%-" + width + "s  %10s  %-40s  %s%n",
        "TOPIC",
        "PARTITIONS",
        "KEEPS",
        "WRITTEN BY -> READ BY");
    for (TopicSpec spec : specs) {
      Integer partitions = there.get(spec.name());
      out.printf(
          "%-" + width + "s  %10s  %-40s  %s -> %s%n",
          spec.name(),
          partitions == null ? "missing" : partitions.toString(),
          spec.keeps(),
          spec.writtenBy(),
          spec.readBy());
    }
    out.flush();
    return there.size() == specs.size() ? ExitCode.WHOLE : ExitCode.FAILED;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
