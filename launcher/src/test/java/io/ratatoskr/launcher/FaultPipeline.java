package io.ratatoskr.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.LastingPort;
import io.ratatoskr.testkit.ProcessKiller;
import io.ratatoskr.worker.HashEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A broker, a router and workers, each a process of its own, with a client in this one. A
 * supervisor starts a worker anew when its process has ended, as an operator's would. One pipeline
 * serves all tests of a run; each leaves it whole.
 */
final class FaultPipeline implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(4);

  /** How long a settled flight is kept: the shortest, so that a router can be away for longer. */
  static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration COST = Duration.ofMillis(8);
  private static final int WORKERS = 3;
  private static final String ROUTER = "router";

  private final ProcessKiller killer = ProcessKiller.create();
  private final Path folder;
  private final int port = LastingPort.find();
  private final KafkaRatatoskr client;
  private final AtomicInteger started = new AtomicInteger();
  private ChildJvm broker;
  private ChildJvm router;

  // Guarded by this.
  private final List<ChildJvm> workers = new ArrayList<>();
  private int restarts;
  private boolean closed;

  private FaultPipeline() {
    try {
      folder = Files.createTempDirectory("faults-");
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder for the pipeline's data", e);
    }
    broker = startBroker();
    broker.awaitLine("^serving", PATIENCE);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      new TopicCreation(admin, PATIENCE).create(Topics.of(Deployment.allInOne()), (short) 1);
    }
    router = startRouter(ROUTER);
    for (int i = 0; i < WORKERS; i++) {
      supervise(i, startWorker());
    }
    router.awaitLine("^Ready", PATIENCE);
    workers().forEach(worker -> worker.awaitLine("^serving", PATIENCE));
    client = KafkaRatatoskr.connect(ClientConfig.of(bootstrap()).withInFlight(512, 16L << 20));
  }

  private ChildJvm startBroker() {
    return killer.start(
        FaultRole.BROKER
            .command(folder.resolve("kafka").toString(), Integer.toString(port))
            .withHeap("512m"));
  }

  private ChildJvm startRouter(String folderName) {
    return killer.start(
        Command.of(
            Main.class,
            "serve",
            "router",
            "--bootstrap",
            bootstrap(),
            "--data",
            folder.resolve(folderName).toString(),
            "--partitions",
            Integer.toString(Deployment.allInOne().partitions()),
            "--replication-factor",
            "1",
            "--set",
            "limits.grace=" + GRACE));
  }

  private ChildJvm startWorker() {
    String id = "hash-" + started.incrementAndGet();
    return killer.start(FaultRole.WORKER.command(bootstrap(), id, COST.toString()));
  }

  /** Starts a worker beside the others that finds the broker where a hosts file says. */
  ChildJvm startWorkerBehind(Path hosts) {
    ChildJvm worker =
        killer.start(
            FaultRole.WORKER
                .command("localhost:" + port, "hash-behind", COST.toString())
                .withProperty("jdk.net.hosts.file", hosts.toString()));
    worker.awaitLine("^serving", PATIENCE);
    return worker;
  }

  /** Starts a worker that is started anew whenever it has ended. */
  private synchronized void supervise(int place, ChildJvm worker) {
    workers.add(place, worker);
    var _ = worker.exit().thenRunAsync(() -> restartWorker(place, worker));
  }

  private synchronized void restartWorker(int place, ChildJvm ended) {
    if (!closed) {
      workers.remove(ended);
      restarts++;
      supervise(place, startWorker());
    }
  }

  /** The worker processes as they are now. */
  synchronized List<ChildJvm> workers() {
    return List.copyOf(workers);
  }

  /** How many workers the supervisor has started anew. */
  synchronized int restarts() {
    return restarts;
  }

  /** Starts a router beside the first one and waits until it routes. */
  ChildJvm startSecondRouter() {
    ChildJvm second = startRouter(ROUTER + "-2");
    second.awaitLine("^Ready", PATIENCE);
    return second;
  }

  ChildJvm router() {
    return router;
  }

  void killRouter() {
    router.kill();
  }

  /** Starts another router on the killed one's folder, and waits until it routes. */
  void restartRouter() {
    router = startRouter(ROUTER);
    router.awaitLine("^Ready", PATIENCE);
  }

  /** Kills the broker and starts another one on its folder and port. */
  void killAndRestartBroker() {
    broker.kill();
    broker = TestProcess.startOnFreedPort(this::startBroker, "^serving");
  }

  /** Starts a client in a process of its own that has sent nothing yet. */
  ChildJvm startClient(String prefix, int count) {
    return killer.start(FaultRole.CLIENT.command(bootstrap(), prefix, Integer.toString(count)));
  }

  /** The broker's port. */
  int port() {
    return port;
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  KafkaRatatoskr client() {
    return client;
  }

  /** Sends one text; {@code within} is its timeout. */
  CompletableFuture<EmbedReply> embed(Lane lane, Duration within, String text) {
    RequestOptions options = RequestOptions.defaults().withLane(lane).withTimeout(within);
    return client.embed(EmbedRequest.of(HashEngine.MODEL, text).withOptions(options));
  }

  /** What the topics hold now. */
  FaultWire wire() {
    return new FaultWire(bootstrap());
  }

  /** Sends a few requests on both lanes and waits until each has its answer. */
  void assertServes(String prefix) {
    List<CompletableFuture<EmbedReply>> replies = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      for (Lane lane : Lane.values()) {
        String text = prefix + lane.topicName() + i;
        texts.add(text);
        replies.add(embed(lane, PATIENCE, text));
      }
    }
    for (int i = 0; i < texts.size(); i++) {
      assertThat(replies.get(i).orTimeout(PATIENCE.toSeconds(), SECONDS).join().vector())
          .isEqualTo(HashEngine.vector(texts.get(i), FaultRole.DIMENSIONS));
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    client.close();
    killer.close();
    PipelineFolder.deleteQuietly(folder);
  }

  /** Gives the tests of a run their pipeline, and closes it after the last. */
  static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == FaultPipeline.class;
    }

    @Override
    public FaultPipeline resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(Extension.class))
          .getOrComputeIfAbsent(
              FaultPipeline.class, key -> new FaultPipeline(), FaultPipeline.class);
    }
  }
}
