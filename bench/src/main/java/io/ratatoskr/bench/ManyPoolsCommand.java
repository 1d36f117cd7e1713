package io.ratatoskr.bench;

import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.policy.PolicyFile;
import io.ratatoskr.router.PolicyTopic;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "policy",
    description =
        "Requests settled a second through a router that has many pools, models and workers to"
            + " choose among, beside one that has one of each.",
    mixinStandardHelpOptions = true)
final class ManyPoolsCommand implements Callable<Integer> {
  private static final int REPLY_BYTES = 1_700;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Deployment DEPLOYMENT = Deployment.allInOne();

  @Option(names = "--pools", description = "Default: ${DEFAULT-VALUE}")
  private int pools = 50;

  @Option(names = "--models", description = "Default: ${DEFAULT-VALUE}")
  private int models = 200;

  @Option(names = "--workers", description = "Default: ${DEFAULT-VALUE}")
  private int workers = 200;

  @Option(names = "--requests", description = "In a measurement. Default: ${DEFAULT-VALUE}")
  private int requests = 30_000;

  @Option(
      names = "--rounds",
      description = "After one that is not counted. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  /** What is open, closed in the other order. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** What is asked for in a measurement. */
  private enum Kind {
    ONE_MODEL("all for one model"),
    EACH_MODEL("each model in turn");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    IntFunction<String> models(Fleet fleet) {
      return this == ONE_MODEL ? number -> fleet.model(0) : fleet::model;
    }
  }

  private record Row(Lane lane, Kind kind) {}

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "What there is to choose among",
            "policy --pools %d --models %d --workers %d --requests %d --rounds %d"
                .formatted(pools, models, workers, requests, rounds),
            "lane",
            "requests",
            "one pool, model and worker: settled/s",
            "%d pools, %d models, %d workers: settled/s".formatted(pools, models, workers),
            "many ÷ one, by rounds (bar: 0.9)");
    try {
      Fleet few = new Fleet(1, 1, 1);
      Fleet many = new Fleet(pools, models, workers);
      measure(few, router("one", few), many, router("many", many), report);
    } finally {
      while (!open.isEmpty()) {
        open.pop().close();
      }
    }
    report.note(
        "Each router has a broker of its own, both in this process, and the instant worker of"
            + " `bench/run router`, which reads the work of all pools; they take turns. Workers"
            + " send a heartbeat a second, the idle ones too. The policy is applied by its topic:"
            + " it writes all pools, a profile and an alias of each model, and a first choice.");
    report.print();
    return 0;
  }

  /** A broker, a router over a fleet, and the requests to it. */
  private BareRequests router(String name, Fleet fleet) throws Exception {
    Path folder = Files.createTempDirectory(Home.bench("target"), "broker-");
    open.push(() -> Home.delete(folder));
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder));
    open.push(kafka);
    String bootstrap = kafka.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      new TopicCreation(admin, PATIENCE)
          .create(
              Topics.of(DEPLOYMENT, EnumSet.allOf(Lane.class), Map.of(), fleet.all()),
              DEPLOYMENT.replicationFactor());
    }
    new PolicyTopic(Map.of("bootstrap.servers", bootstrap), PATIENCE)
        .apply(PolicyFile.parse("bench", fleet.policy()));
    open.push(fleet.alive(bootstrap));
    open.push(
        Contender.start(
            "router-" + name,
            Contender.bench(
                "contender",
                "router",
                "--bootstrap=" + bootstrap,
                "--bytes=" + REPLY_BYTES,
                "--pools=" + fleet.pools())));
    BareRequests sender = new BareRequests(bootstrap, DEPLOYMENT.partitions());
    open.push(sender);
    return sender;
  }

  private void measure(
      Fleet few, BareRequests toOne, Fleet many, BareRequests toMany, Report report)
      throws InterruptedException {
    Map<Row, List<double[]>> rates = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      for (Lane lane : Lane.values()) {
        for (Kind kind : Kind.values()) {
          double one = settled(toOne, lane, kind.models(few));
          double other = settled(toMany, lane, kind.models(many));
          Report.progress(
              "round %d of %d, %s, %s: one %s/s, many %s/s"
                  .formatted(
                      round + 1,
                      rounds,
                      lane.topicName(),
                      kind.title,
                      Report.number(one),
                      Report.number(other)));
          if (round >= 0) {
            rates
                .computeIfAbsent(new Row(lane, kind), row -> new ArrayList<>())
                .add(new double[] {one, other, other / one});
          }
        }
      }
    }
    rates.forEach((row, three) ->
        report.row(
            row.lane().topicName(),
            row.kind().title,
            column(three, 0),
            column(three, 1),
            column(three, 2)));
  }

  private static Samples column(List<double[]> rows, int column) {
    return new Samples(rows.stream().mapToDouble(row -> row[column]).toArray());
  }

  private double settled(BareRequests sender, Lane lane, IntFunction<String> models)
      throws InterruptedException {
    return sender.settled(
        lane,
        Topics.requests(Domain.DEFAULT, lane, Capability.EMBED),
        Topics.replies(Domain.DEFAULT, lane),
        requests,
        models);
  }
}
