package io.ratatoskr.bench;

import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "identical",
    description =
        "Identical requests from ten processes: how many inferences, how large the state.",
    mixinStandardHelpOptions = true)
final class IdenticalCommand implements Callable<Integer> {
  @Option(names = "--model", description = "Default: ${DEFAULT-VALUE}")
  private String model = "all-minilm-l6-v2";

  @Option(names = "--requests", split = ",", description = "Default: ${DEFAULT-VALUE}")
  private List<Integer> requests = List.of(1_000, 100_000);

  @Option(names = "--clients", description = "Client processes. Default: ${DEFAULT-VALUE}")
  private int clients = 10;

  @Override
  public Integer call() throws Exception {
    Report report =
        new Report(
            "Identical requests",
            "identical --clients %d --requests %s"
                .formatted(
                    clients, String.join(",", requests.stream().map(String::valueOf).toList())),
            "requests",
            "replies",
            "failed",
            "inferences",
            "joined",
            "from the cache",
            "seconds to the last",
            "largest stored value, bytes",
            "router threads before and after");
    try (UpProcess up = UpProcess.start(model);
        Offsets offsets = new Offsets(up.bootstrap())) {
      for (int count : requests) {
        report.row(together(up, offsets, count).toArray());
      }
      report.note(
          "A batch of 100 texts, 99 of them cached before, ran %d inference(s)."
              .formatted(batchOfWhichAllButOneIsCached(up, offsets)));
    }
    report
        .note("Inferences are records that the router wrote to the pool's work topic.")
        .note("Stored values are those of every changelog of the router, read from the beginning.")
        .print();
    return 0;
  }

  private List<Object> together(UpProcess up, Offsets offsets, int count) throws Exception {
    String work =
        Topics.work(Lane.INTERACTIVE, Pools.standard().serving(Capability.EMBED).getFirst().name());
    String text = "The same text for everyone, " + UUID.randomUUID();
    long threads = up.threads("StreamThread");
    long dispatched = offsets.end(work);
    List<Contender> processes = new ArrayList<>();
    try {
      for (int i = 0; i < clients; i++) {
        processes.add(
            Contender.start(
                "client " + i,
                Contender.bench(
                    "contender",
                    "identical",
                    "--bootstrap=" + up.bootstrap(),
                    "--model=" + model,
                    "--text=" + text,
                    "--count=" + count / clients)));
      }
      List<CompletableFuture<JsonNode>> running =
          processes.stream().map(Contender::runAsync).toList();
      List<JsonNode> results = running.stream().map(CompletableFuture::join).toList();
      results.stream()
          .filter(result -> result.has("failure"))
          .findFirst()
          .ifPresent(result -> Report.progress("a failure: " + result.get("failure")));
      int replies = sum(results, "NONE") + sum(results, "JOINED") + sum(results, "HIT");
      return List.of(
          count / clients * clients,
          replies,
          sum(results, "failed"),
          offsets.end(work) - dispatched,
          sum(results, "JOINED"),
          sum(results, "HIT"),
          Report.number(
              results.stream().mapToDouble(r -> r.path("seconds").asDouble()).max().orElse(0)),
          offsets.largestValue("-changelog"),
          threads + ", " + up.threads("StreamThread"));
    } finally {
      processes.forEach(Contender::close);
    }
  }

  private static int sum(List<JsonNode> results, String kind) {
    return results.stream().mapToInt(result -> result.path(kind).asInt(0)).sum();
  }

  private long batchOfWhichAllButOneIsCached(UpProcess up, Offsets offsets) throws Exception {
    String work =
        Topics.work(Lane.INTERACTIVE, Pools.standard().serving(Capability.EMBED).getFirst().name());
    String name = UUID.randomUUID().toString();
    List<String> texts =
        IntStream.range(0, 100).mapToObj(i -> "text " + i + " of " + name).toList();
    RequestOptions options = RequestOptions.defaults().withCache(CacheMode.ON);
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(up.bootstrap())) {
      EmbedRequest most = EmbedRequest.of(model, texts.subList(0, 99)).withOptions(options);
      client.embed(most).get(60, TimeUnit.SECONDS).vectors();
      long dispatched = offsets.end(work);
      EmbedRequest all = EmbedRequest.of(model, texts).withOptions(options);
      client.embed(all).get(60, TimeUnit.SECONDS).vectors();
      return offsets.end(work) - dispatched;
    }
  }
}
