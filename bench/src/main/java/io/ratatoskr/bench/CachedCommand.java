package io.ratatoskr.bench;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.CacheMode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "cached",
    description = "Latency of a cached request on an idle pipeline, beside a bare Kafka echo.",
    mixinStandardHelpOptions = true)
final class CachedCommand implements Callable<Integer> {
  private static final int WARM_UP = 1_000;

  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 7;

  @Option(names = "--requests", description = "Of each kind in a round. Default: ${DEFAULT-VALUE}")
  private int requests = 500;

  @Override
  public Integer call() throws Exception {
    byte[] text = "Which squirrel carries the messages?".getBytes(StandardCharsets.UTF_8);
    EmbedRequest request =
        EmbedRequest.of(model, new String(text, StandardCharsets.UTF_8))
            .withOptions(RequestOptions.defaults().withCache(CacheMode.ON));
    Report report =
        new Report(
            "A cached request on an idle pipeline",
            "cached --rounds " + rounds + " --requests " + requests,
            "what",
            "p50, ms: median of rounds (range)",
            "p99, ms");
    try (UpProcess up = UpProcess.start(model);
        KafkaRatatoskr client = KafkaRatatoskr.connect(up.bootstrap())) {
      EmbedReply first = client.embed(request).get(60, TimeUnit.SECONDS);
      try (Contender server = Echo.startServer(up.bootstrap(), first.dimensions());
          Echo echo = new Echo(up.bootstrap())) {
        Trip bare = () -> echo.roundTrip(text);
        Trip cached = () -> cached(client, request);
        inTurn(bare, cached, WARM_UP);
        double[][] p50 = new double[3][rounds];
        double[][] p99 = new double[2][rounds];
        for (int round = 0; round < rounds; round++) {
          Samples[] both = inTurn(bare, cached, requests);
          for (int i = 0; i < 2; i++) {
            p50[i][round] = both[i].median();
            p99[i][round] = both[i].quantile(0.99);
          }
          p50[2][round] = p50[1][round] / p50[0][round];
          Report.progress(
              "round %d of %d: echo %s ms, cached %s ms"
                  .formatted(
                      round + 1,
                      rounds,
                      Report.number(p50[0][round]),
                      Report.number(p50[1][round])));
        }
        report
            .row(
                server.name() + ": two hops, nothing in them",
                new Samples(p50[0]),
                new Samples(p99[0]))
            .row("cached embed request", new Samples(p50[1]), new Samples(p99[1]))
            .row("cached ÷ echo, by rounds", new Samples(p50[2]), "");
      }
    }
    report
        .note(
            "One request at a time, one of each kind in turn. Broker, router and worker in"
                + " `./ratatoskr up`; the client in a second process; the echo's other end, which"
                + " stands for the router, in a third.")
        .print();
    return 0;
  }

  @FunctionalInterface
  private interface Trip {
    long nanos() throws Exception;
  }

  private static long cached(KafkaRatatoskr client, EmbedRequest request) throws Exception {
    long begin = System.nanoTime();
    EmbedReply reply = client.embed(request).get(10, TimeUnit.SECONDS);
    long nanos = System.nanoTime() - begin;
    if (reply.provenance().cache() != Provenance.CacheUse.HIT) {
      throw new IllegalStateException("not from the cache: " + reply.provenance());
    }
    return nanos;
  }

  /** One of the one, one of the other: what slows the machine for a moment slows both. */
  private static Samples[] inTurn(Trip one, Trip other, int times) throws Exception {
    double[][] millis = new double[2][times];
    for (int i = 0; i < times; i++) {
      millis[0][i] = one.nanos() / 1e6;
      millis[1][i] = other.nanos() / 1e6;
    }
    return new Samples[] {new Samples(millis[0]), new Samples(millis[1])};
  }
}
