package io.ratatoskr.launcher.operate;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.RoutingView;
import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.client.PipelineUnreachableException;
import io.ratatoskr.launcher.command.Broker;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.KafkaOptions;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.router.PolicyTopic;
import io.ratatoskr.router.RouterConfig;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.TopicSpec;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.WorkerPool;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.InvalidSettingsException;
import io.ratatoskr.settings.TomlText;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows, checks and applies the policy of a pipeline. */
@Command(
    name = "policy",
    description = "Show, check and apply the policy, which says who answers: see docs/routing.md.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class PolicyCommand implements Runnable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String FILE = "A policy: docs/examples/policy.toml is one.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: show, validate, diff, apply or withdraw");
  }

  @Command(
      name = "show",
      description = {
        "Show the policy.",
        "",
        "With --bootstrap the one that was applied to that pipeline, as it was written; without,"
            + " that of the configuration, every key with its value.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int show(@Mixin KafkaOptions kafka) {
    Values values = kafka.values();
    PrintWriter out = spec.commandLine().getOut();
    if (KafkaOptions.named(values)) {
      Optional<String> applied = topic(Configuration.of(values)).read();
      applied.ifPresent(out::print);
      if (applied.isEmpty()) {
        say("No policy is applied; that of each router's configuration holds.");
      }
    } else {
      out.print(TomlText.of(PolicyFile.known(), values, false));
    }
    out.flush();
    return ExitCode.WHOLE;
  }

  @Command(
      name = "validate",
      description = {
        "Say everything that is wrong with a policy; exit 0 if nothing is.",
        "",
        "With --bootstrap the pools of that pipeline's workers are known too, and the spaces of"
            + " their vectors.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int validate(
      @Parameters(paramLabel = "FILE", description = FILE) Path file, @Mixin KafkaOptions kafka)
      throws IOException, InterruptedException {
    Values values = kafka.values();
    try {
      var _ = checked(file, values);
    } catch (InvalidSettingsException e) {
      e.mistakes().forEach(mistake -> say(String.valueOf(mistake.getMessage())));
      return ExitCode.FAILED;
    } catch (InvalidSettingException e) {
      say(String.valueOf(e.getMessage()));
      return ExitCode.FAILED;
    }
    spec.commandLine().getOut().println("Nothing is wrong with " + file + ".");
    spec.commandLine().getOut().flush();
    return ExitCode.WHOLE;
  }

  @Command(
      name = "diff",
      description = {
        "Show what a policy would change, key by key.",
        "",
        "With --bootstrap beside the one that was applied to that pipeline, where there is one;"
            + " else beside that of the configuration.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int diff(
      @Parameters(paramLabel = "FILE", description = FILE) Path file, @Mixin KafkaOptions kafka)
      throws IOException, InterruptedException {
    Values values = kafka.values();
    PolicyFile policy = checked(file, values);
    Values before =
        KafkaOptions.named(values)
            ? topic(Configuration.of(values))
                .read()
                .map(text -> PolicyFile.parse(Topics.policy(), text).values())
                .orElse(values)
            : values;
    List<String> lines = PolicyDifference.of(text(before), text(policy.values()));
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
    if (lines.isEmpty()) {
      say("Nothing would change.");
    }
    return ExitCode.WHOLE;
  }

  private static String text(Values values) {
    return TomlText.of(PolicyFile.known(), values, false);
  }

  @Command(
      name = "apply",
      description = {
        "Put a policy in force in every router of a pipeline, in place of that of their"
            + " configurations.",
        "",
        "It is refused as a whole where anything in it is wrong. The topics of its pools and queues"
            + " are made. What was admitted before keeps the candidates that it has.",
        ""
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int apply(
      @Parameters(paramLabel = "FILE", description = FILE) Path file, @Mixin KafkaOptions kafka)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Values values = named(kafka);
    Configuration configuration = Configuration.of(values);
    PolicyFile policy = checked(file, values);
    List<TopicSpec> made = makeTopics(policy, values, configuration);
    topic(configuration).apply(policy);
    PrintWriter out = spec.commandLine().getOut();
    made.forEach(one -> out.println("Made topic " + one.name()));
    out.println("Applied " + file + " to " + configuration.router().bootstrap());
    out.flush();
    return ExitCode.WHOLE;
  }

  @Command(
      name = "withdraw",
      description = "Give each router the policy of its configuration back.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      usageHelpAutoWidth = true)
  int withdraw(@Mixin KafkaOptions kafka)
      throws InterruptedException, ExecutionException, TimeoutException {
    Configuration configuration = Configuration.of(named(kafka));
    topic(configuration).withdraw();
    spec.commandLine()
        .getOut()
        .println("Withdrew the policy of " + configuration.router().bootstrap());
    spec.commandLine().getOut().flush();
    return ExitCode.WHOLE;
  }

  private Values named(KafkaOptions kafka) {
    Values values = kafka.values();
    if (!KafkaOptions.named(values)) {
      throw new ParameterException(spec.commandLine(), KafkaOptions.MISSING);
    }
    return values;
  }

  private static PolicyTopic topic(Configuration configuration) {
    RouterConfig router = configuration.router();
    Map<String, Object> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", router.bootstrap());
    kafka.putAll(router.kafka().over(kafka));
    return new PolicyTopic(kafka, PATIENCE);
  }

  /** The policy of a file, if nothing in it is wrong. */
  private static PolicyFile checked(Path file, Values values)
      throws IOException, InterruptedException {
    Configuration configuration = Configuration.of(values);
    PolicyFile policy = PolicyFile.parse(file.toString(), read(file));
    Set<String> pools = new HashSet<>();
    configuration.router().pools().all().stream().map(WorkerPool::name).forEach(pools::add);
    CatalogSnapshot workers =
        KafkaOptions.named(values) ? workers(configuration) : CatalogSnapshot.UNKNOWN;
    pools.addAll(workers.pools().keySet());
    policy.check(pools, workers);
    return policy;
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    }
  }

  private static CatalogSnapshot workers(Configuration configuration) throws InterruptedException {
    try {
      return RoutingView.ofCluster(configuration, PATIENCE).world().catalog();
    } catch (TimeoutException | ExecutionException | KafkaException e) {
      throw new PipelineUnreachableException(
          "the pipeline at %s cannot be looked at: %s"
              .formatted(configuration.router().bootstrap(), e.getMessage()),
          e);
    }
  }

  /** Makes the work topics that the policy's pools and queues lack, shaped as those there are. */
  private static List<TopicSpec> makeTopics(
      PolicyFile policy, Values values, Configuration configuration)
      throws InterruptedException, ExecutionException, TimeoutException {
    Optional<Pools> pools = policy.pools(Duration.ofMinutes(1), Duration.ofMinutes(10));
    Map<String, Set<String>> queues = policy.config().queues().byPool();
    if (pools.isEmpty() && queues.isEmpty()) {
      return List.of();
    }
    try (Admin admin =
        Broker.admin(KafkaProperties.BOOTSTRAP.of(values), KafkaProperties.of(values))) {
      String results = Topics.results(Lane.INTERACTIVE);
      TopicDescription there = describe(admin, List.of(results)).get(results);
      if (there == null) {
        throw new IllegalArgumentException("the pipeline has no topic " + results);
      }
      short copies = (short) there.partitions().getFirst().replicas().size();
      Deployment deployment =
          new Deployment(
              List.of(Domain.DEFAULT), there.partitions().size(), 32, copies, Duration.ofDays(7));
      TopicCreation creation = new TopicCreation(admin, PATIENCE);
      List<TopicSpec> made = new ArrayList<>();
      if (pools.isPresent()) {
        made.addAll(
            made(
                creation,
                configuration.topics(deployment, EnumSet.allOf(Lane.class), pools.get()).stream()
                    .filter(topic -> isWork(topic, pools.get()))
                    .toList(),
                copies));
      }
      Map<String, Integer> partitions = new HashMap<>();
      for (String pool : queues.keySet()) {
        String own = Topics.work(Lane.INTERACTIVE, pool);
        TopicDescription found = describe(admin, List.of(own)).get(own);
        if (found == null) {
          throw new IllegalArgumentException(
              "queues: pool '%s' has no topic %s; create it with `ratatoskr topics create`"
                  .formatted(pool, own));
        }
        partitions.put(pool, found.partitions().size());
      }
      made.addAll(
          made(
              creation,
              configuration.queueTopics(EnumSet.allOf(Lane.class), partitions, queues),
              copies));
      return made;
    }
  }

  private static List<TopicSpec> made(TopicCreation creation, List<TopicSpec> topics, short copies)
      throws InterruptedException {
    return creation.create(topics, copies).stream()
        .filter(TopicCreation.Outcome::created)
        .map(TopicCreation.Outcome::spec)
        .toList();
  }

  /** Those of these topics that there are. */
  private static Map<String, TopicDescription> describe(Admin admin, List<String> topics)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, TopicDescription> there = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        there.put(topic.getKey(), topic.getValue().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return there;
  }

  private static boolean isWork(TopicSpec topic, Pools pools) {
    return EnumSet.allOf(Lane.class).stream()
        .anyMatch(lane ->
            pools.all().stream()
                .anyMatch(pool -> topic.name().equals(Topics.work(lane, pool.name()))));
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
