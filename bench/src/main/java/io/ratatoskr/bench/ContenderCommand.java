package io.ratatoskr.bench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The process of one of our own contenders; started by the other commands. */
@Command(name = "contender", hidden = true)
final class ContenderCommand implements Callable<Integer> {
  @Parameters private String name = "";

  @Option(names = "--model")
  private String model = "all-minilm-l6-v2";

  @Option(names = "--texts")
  private Path texts = Home.bench(Corpus.UP_TO_128);

  @Option(names = "--count")
  private int count = 10_000;

  /** 0: as the module chooses. */
  @Option(names = "--callers")
  private int callers;

  @Option(names = "--threads")
  private int threads;

  @Option(names = "--budget")
  private int budget;

  @Option(names = "--bootstrap")
  private String bootstrap = "";

  @Option(names = "--bytes")
  private int bytes;

  /** Of the router's fleet; 0 for the one that comes with the program. */
  @Option(names = "--pools")
  private int pools;

  @Option(names = "--text")
  private String text = "";

  @Option(names = "--way")
  private ChatClient.Way way = ChatClient.Way.KAFKA;

  /** A Kafka or a URL, by the way. */
  @Option(names = "--where")
  private String where = "";

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    switch (name) {
      case "batcher" -> Batcher.serve(start, model, texts, count, callers, threads, budget);
      case "pipeline" -> PipelineContender.serve(start, model, texts, count);
      case "nli-batcher" ->
          NliContender.batcher(start, model, texts, count, callers, threads, budget);
      case "nli-pipeline" -> NliContender.pipeline(start, model, texts, count);
      case "echo" -> Echo.serve(bootstrap, bytes);
      case "identical" -> IdenticalClient.serve(start, bootstrap, model, text, count);
      case "paced" -> PacedClient.serve(start, bootstrap, model);
      case "bare" -> BareClient.serve(start, bootstrap, model);
      case "bulk" -> BulkClient.serve(start, bootstrap, model);
      case "provider" -> StubProvider.serve(start);
      case "bare-chat" -> BareChat.serve(start, bootstrap, where);
      case "chats" -> ChatClient.serve(start, way, where, model, text);
      case "broker" -> BrokerProcess.serve(start);
      case "router" -> RouterContender.serve(start, bootstrap, bytes, pools);
      case "pass-through" -> PassThrough.serve(start, bootstrap, bytes);
      default -> throw new IllegalArgumentException("no contender " + name);
    }
    return 0;
  }
}
