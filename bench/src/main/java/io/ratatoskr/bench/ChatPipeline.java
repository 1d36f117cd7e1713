package io.ratatoskr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stub of a provider and a pipeline that asks it, every part a process of its own: broker, router
 * and worker.
 */
final class ChatPipeline implements AutoCloseable {
  static final String MODEL = "bench";

  /** The heap of the worker. */
  static final String HEAP = "2g";

  private final Path folder;
  private final Contender provider;
  private final Contender broker;
  private final RatatoskrProcess router;
  private final RatatoskrProcess worker;

  private ChatPipeline(
      Path folder,
      Contender provider,
      Contender broker,
      RatatoskrProcess router,
      RatatoskrProcess worker) {
    this.folder = folder;
    this.provider = provider;
    this.broker = broker;
    this.router = router;
    this.worker = worker;
  }

  /** The process of a stub. */
  static Contender startProvider() {
    return Contender.start("provider", Contender.bench("contender", "provider"));
  }

  /**
   * The configuration of a pipeline with one provider.
   *
   * @param concurrent most calls at once
   */
  static Path configure(Path folder, Contender provider, int concurrent) throws IOException {
    return configure(folder, provider, concurrent, List.of(MODEL));
  }

  /**
   * The same with as many providers as there are models, which the one stub plays all.
   *
   * @param concurrent most calls at once to each
   */
  private static Path configure(
      Path folder, Contender provider, int concurrent, List<String> models) throws IOException {
    StringBuilder providers = new StringBuilder();
    for (String model : models) {
      providers.append(
          """
          [providers.stub-%s]
          base-url = "%s"
          models = ["%s"]
          concurrent = %d
          queue-timeout = "2m"
          """
              .formatted(model, provider.setting("url"), model, concurrent));
    }
    return Files.writeString(folder.resolve("ratatoskr.toml"), providers);
  }

  static ChatPipeline start(int concurrent) {
    return start(concurrent, List.of(MODEL));
  }

  /**
   * One with a provider for each model.
   *
   * @param concurrent most calls at once to each
   */
  static ChatPipeline start(int concurrent, List<String> models) {
    try {
      Path folder = Files.createTempDirectory(Home.bench("target"), "chat-");
      Contender provider = startProvider();
      Contender broker = BrokerProcess.start();
      String config = "--config=" + configure(folder, provider, concurrent, models);
      String bootstrap = "--bootstrap=" + broker.setting("bootstrap");
      String copies = "--replication-factor=1";
      RatatoskrProcess.run("topics", "create", bootstrap, config, copies);
      RatatoskrProcess router =
          RatatoskrProcess.start(
              "router",
              "",
              "serve",
              "router",
              bootstrap,
              config,
              copies,
              "--data=" + folder.resolve("router"));
      RatatoskrProcess worker =
          RatatoskrProcess.start("gateway", "-Xmx" + HEAP, "serve", "gateway", bootstrap, config);
      return new ChatPipeline(folder, provider, broker, router, worker);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String bootstrap() {
    return broker.setting("bootstrap");
  }

  Contender provider() {
    return provider;
  }

  RatatoskrProcess worker() {
    return worker;
  }

  /** Processor seconds of each process so far. */
  Map<String, Double> cpuSeconds() {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("worker", worker.cpuSeconds());
    all.put("router", router.cpuSeconds());
    all.put("broker", broker.cpuSeconds());
    all.put("provider", provider.cpuSeconds());
    return all;
  }

  @Override
  public void close() {
    worker.close();
    router.close();
    broker.close();
    provider.close();
    try {
      Home.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
