package io.ratatoskr.bench;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnx.InferenceConfig;
import io.ratatoskr.onnx.ModelCache;
import io.ratatoskr.onnx.ModelFiles;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Truncation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "interactive",
    description =
        "Latency of an uncached one-text request on an idle pipeline, beside a bare Kafka echo over"
            + " as many hops and the same inference alone, and where the time goes.",
    mixinStandardHelpOptions = true)
final class InteractiveCommand implements Callable<Integer> {
  private static final List<String> LEGS =
      List.of(
          "client: from the call until the broker has the request",
          "router: until it dispatches, the fetch included",
          "worker: until it has taken the work, the fetch included",
          "worker: decoding, tokenising, inference, encoding",
          "worker: until it sends the result",
          "router: until it replies, the fetch included",
          "client: until the caller has the reply, the fetch included");

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 9;

  @Option(names = "--requests", description = "Of each kind in a round. Default: ${DEFAULT-VALUE}")
  private int requests = 200;

  @Option(
      names = "--warm-up",
      description = "Requests of each kind before the first round. Default: ${DEFAULT-VALUE}")
  private int warmUp = 12_000;

  private final Sentences sentences = new Sentences(3);

  @FunctionalInterface
  private interface Trip {
    void go(String text) throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "An uncached request on an idle pipeline, " + model,
            "interactive --rounds %d --requests %d --warm-up %d"
                .formatted(rounds, requests, warmUp),
            "what",
            "p50, ms: median of rounds (range)",
            "p99, ms");
    try (UpProcess up = UpProcess.start(model);
        KafkaRatatoskr client = KafkaRatatoskr.connect(up.bootstrap());
        Embedder embedder =
            Embedder.load(
                ModelFiles.builtIn(model, ModelCache.standard()), InferenceConfig.defaults())) {
      EmbedReply first =
          client.embed(EmbedRequest.of(model, sentences.next())).get(60, TimeUnit.SECONDS);
      try (Contender server = Echo.startServer(up.bootstrap(), first.dimensions());
          Echo echo = new Echo(up.bootstrap());
          Contender _ = passThrough(up.bootstrap(), first.dimensions());
          Echo streams =
              new Echo(
                  up.bootstrap(),
                  PassThrough.requests(Lane.INTERACTIVE),
                  PassThrough.replies(Lane.INTERACTIVE))) {
        Trip hops =
            text -> {
              byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
              echo.roundTrip(bytes);
              echo.roundTrip(bytes);
            };
        Trip passed = text -> streams.roundTrip(text.getBytes(StandardCharsets.UTF_8));
        Trip inference =
            text ->
                embedder
                    .submit(
                        embedder.prepare(List.of(text), InputType.DOCUMENT, Truncation.ERROR),
                        Lane.INTERACTIVE)
                    .get(10, TimeUnit.SECONDS);
        Trip whole =
            text -> client.embed(EmbedRequest.of(model, text)).get(60, TimeUnit.SECONDS).vectors();
        compare(report, hops, passed, inference, whole, server.name());
      }
      legs(report, up, client);
    }
    report
        .note(
            "One at a time, one of each kind in turn. Broker, router and worker in `./ratatoskr"
                + " up`; client and inference alone in a second process, the echo's other end and"
                + " the pass-through with its worker in one each. Four hops are two round trips of"
                + " the echo, with a request's text there and a reply's bytes back.")
        .note(
            "Legs: means over %d requests of their own, by the times of the records."
                .formatted(requests))
        .print();
    return 0;
  }

  private void compare(
      Report report, Trip hops, Trip passed, Trip inference, Trip whole, String echo)
      throws Exception {
    inTurn(warmUp, hops, passed, inference, whole);
    double[][] p50 = new double[4][rounds];
    double[][] p99 = new double[4][rounds];
    double[] ratio = new double[rounds];
    double[] floor = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Samples[] all = inTurn(requests, hops, passed, inference, whole);
      for (int i = 0; i < all.length; i++) {
        p50[i][round] = all[i].median();
        p99[i][round] = all[i].quantile(0.99);
      }
      double bare = p50[0][round] + p50[2][round];
      ratio[round] = p50[3][round] / bare;
      floor[round] = (p50[1][round] + p50[2][round]) / bare;
      Report.progress(
          "round %d of %d: four hops %s ms, pass-through %s ms, inference %s ms, request %s ms"
              .formatted(
                  round + 1,
                  rounds,
                  Report.number(p50[0][round]),
                  Report.number(p50[1][round]),
                  Report.number(p50[2][round]),
                  Report.number(p50[3][round])));
    }
    report
        .row(echo + ": four hops, nothing in them", new Samples(p50[0]), new Samples(p99[0]))
        .row(
            "four hops through a bare Streams pass-through with as many puts",
            new Samples(p50[1]),
            new Samples(p99[1]))
        .row("the same inference alone", new Samples(p50[2]), new Samples(p99[2]))
        .row("uncached request of one text", new Samples(p50[3]), new Samples(p99[3]))
        .row("request ÷ (echo + inference), by rounds; bar: 1.35", new Samples(ratio), "")
        .row("(pass-through + inference) ÷ (echo + inference), by rounds", new Samples(floor), "");
  }

  private static Contender passThrough(String bootstrap, int dimensions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      for (Lane lane : Lane.values()) {
        admin.createTopics(PassThrough.topics(lane, 1, 1)).all().get(30, TimeUnit.SECONDS);
      }
    }
    return Contender.start(
        "pass-through",
        Contender.bench(
            "contender",
            "pass-through",
            "--bootstrap",
            bootstrap,
            "--bytes",
            Integer.toString(dimensions * Float.BYTES + 200)));
  }

  /** One of each kind in turn: what slows the machine for a moment slows all. */
  private Samples[] inTurn(int times, Trip... trips) throws Exception {
    double[][] millis = new double[trips.length][times];
    for (int i = 0; i < times; i++) {
      String text = sentences.next();
      for (int trip = 0; trip < trips.length; trip++) {
        long begin = System.nanoTime();
        trips[trip].go(text);
        millis[trip][i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    return Arrays.stream(millis).map(Samples::new).toArray(Samples[]::new);
  }

  private void legs(Report report, UpProcess up, KafkaRatatoskr client) throws Exception {
    double[] sums = new double[LEGS.size()];
    try (HopTimes hops = new HopTimes(up.bootstrap())) {
      List<long[]> ends = new ArrayList<>(requests);
      List<EmbedReply> replies = new ArrayList<>(requests);
      for (int i = 0; i < requests; i++) {
        long begin = System.currentTimeMillis();
        replies.add(
            client.embed(EmbedRequest.of(model, sentences.next())).get(60, TimeUnit.SECONDS));
        ends.add(new long[] {begin, System.currentTimeMillis()});
      }
      List<long[]> records = hops.of(requests);
      for (int i = 0; i < requests; i++) {
        long[] record = records.get(i);
        long taken = record[1] + replies.get(i).provenance().queueTime().toMillis();
        long run = taken + replies.get(i).provenance().executionTime().toMillis();
        long[] marks = {
          ends.get(i)[0], record[0], record[1], taken, run, record[2], record[3], ends.get(i)[1]
        };
        for (int leg = 0; leg < sums.length; leg++) {
          sums[leg] += marks[leg + 1] - marks[leg];
        }
      }
    }
    for (int leg = 0; leg < sums.length; leg++) {
      report.row(LEGS.get(leg), "mean " + Report.number(sums[leg] / requests), "");
    }
  }
}
