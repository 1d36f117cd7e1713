package io.ratatoskr.bench;

import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "router",
    description =
        "Requests settled a second through the router and a worker that answers at once, beside a"
            + " bare Kafka Streams pass-through with as many store writes, hops and partitions.",
    mixinStandardHelpOptions = true)
final class RouterCommand implements Callable<Integer> {
  private static final int REPLY_BYTES = 1_700;
  private static final String MODEL = "all-minilm-l6-v2";
  private static final Deployment DEPLOYMENT = Deployment.allInOne();

  @Option(
      names = "--requests",
      description = "Of each lane and contender in a round. Default: ${DEFAULT-VALUE}")
  private int requests = 30_000;

  @Option(
      names = "--rounds",
      description = "After one that is not counted. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "The router beside bare Kafka Streams",
            "router --requests %d --rounds %d".formatted(requests, rounds),
            "lane",
            "router, settled/s: median (range)",
            "pass-through, settled/s",
            "router ÷ pass-through, by rounds (bar: 0.7)");
    Path folder = Files.createTempDirectory(Home.bench("target"), "broker-");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(folder))) {
      String bootstrap = kafka.bootstrapServers();
      createTopics(bootstrap);
      try (Contender router = contender("router", bootstrap);
          Contender pass = contender("pass-through", bootstrap);
          BareRequests sender = new BareRequests(bootstrap, DEPLOYMENT.partitions())) {
        measure(report, sender);
        report.note(
            "Requests of one text are written at once, as bare records; replies have %d bytes."
                    .formatted(REPLY_BYTES)
                + " The broker and the producer are one process, each contender with its worker"
                + " another; they take turns.");
        report.note(
            "The pass-through's settings: %s; %s. Store writes of the router a request, by its"
                    .formatted(pass.settings(), router.versions())
                + " changelogs: %s."
                    .formatted(
                        Report.number(changelog(sender.offsets()) / ((rounds + 1.0) * requests))));
      }
    } finally {
      Home.delete(folder);
    }
    report.print();
    return 0;
  }

  private static Contender contender(String name, String bootstrap) {
    return Contender.start(
        name,
        Contender.bench("contender", name, "--bootstrap=" + bootstrap, "--bytes=" + REPLY_BYTES));
  }

  /** Records in the bulk lane's changelog. */
  private static long changelog(Offsets offsets) throws Exception {
    return offsets.endOf(name -> name.endsWith("-bulk-flights-changelog"));
  }

  private void measure(Report report, BareRequests sender) throws InterruptedException {
    Map<Lane, double[][]> rates = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      rates.put(lane, new double[3][rounds]);
    }
    for (int round = -1; round < rounds; round++) {
      for (Map.Entry<Lane, double[][]> entry : rates.entrySet()) {
        Lane lane = entry.getKey();
        double router =
            settled(
                sender,
                lane,
                Topics.requests(Domain.DEFAULT, lane, Capability.EMBED),
                Topics.replies(Domain.DEFAULT, lane));
        double pass = settled(sender, lane, PassThrough.requests(lane), PassThrough.replies(lane));
        Report.progress(
            "round %d of %d, %s: router %s/s, pass-through %s/s"
                .formatted(
                    round + 1,
                    rounds,
                    lane.topicName(),
                    Report.number(router),
                    Report.number(pass)));
        if (round >= 0) {
          entry.getValue()[0][round] = router;
          entry.getValue()[1][round] = pass;
          entry.getValue()[2][round] = router / pass;
        }
      }
    }
    rates.forEach((lane, three) ->
        report.row(
            lane.topicName(), new Samples(three[0]), new Samples(three[1]), new Samples(three[2])));
  }

  private double settled(BareRequests sender, Lane lane, String topic, String replies)
      throws InterruptedException {
    return sender.settled(lane, topic, replies, requests, number -> MODEL);
  }

  private static void createTopics(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      new TopicCreation(admin, Duration.ofSeconds(60))
          .create(Topics.of(DEPLOYMENT), DEPLOYMENT.replicationFactor());
      admin
          .createTopics(
              Arrays.stream(Lane.values())
                  .flatMap(lane ->
                      PassThrough.topics(
                          lane, DEPLOYMENT.partitions(), DEPLOYMENT.replyPartitions())
                          .stream())
                  .toList())
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }
}
