package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.TcpProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two routers and four workers under load on both lanes, one of them behind a network that breaks:
 * parts are killed, frozen and cut off in an order and at moments that a seed gives, and results
 * come again in another order. Faults overlap. Every request has its one answer all the same, and
 * inferences are repeated no more than was in flight at each fault. {@code bench/run chaos} runs
 * it; the build does not, since it takes a minute and a half.
 */
@ExtendWith(FaultPipeline.Extension.class)
@EnabledIfSystemProperty(named = "chaos.rounds", matches = "\\d+", disabledReason = "takes long")
class ChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosIT.class);
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 1);
  private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

  /** Longer than a router's session, 6 s, and than a worker's lock, 15 s. */
  private static final Duration ROUTER_FROST = Duration.ofSeconds(9);

  private static final Duration WORKER_FROST = Duration.ofSeconds(17);
  private static final int LONGEST_GAP_MS = 2_000;

  /** Requests in flight at most: the window of the load, and what is interactive. */
  private static final int IN_FLIGHT = 300;

  @TempDir private Path folder;

  private enum Fault {
    WORKER_KILLED,
    WORKER_FROZEN,
    WORKER_CUT_OFF,
    ROUTER_KILLED,
    ROUTER_FROZEN,
    RESULTS_AGAIN
  }

  /** What ends a fault, and when. */
  private record Ending(long atNanos, Runnable what) {}

  private final List<Ending> endings = new ArrayList<>();
  private int copies;

  @Test
  void partsKilledFrozenAndCutOff_eachRequestHasItsOneAnswer(FaultPipeline pipeline)
      throws Exception {
    LOG.info("Chaos of {} rounds by seed {}", ROUNDS, SEED);
    Random random = new Random(SEED);
    long before = inferences(pipeline);
    ChildJvm second = pipeline.startSecondRouter();
    try (TcpProxy network = network(pipeline)) {
      ChildJvm behind = pipeline.startWorkerBehind(hosts(network));
      FaultLoad load = FaultLoad.start(pipeline, "chaos-" + SEED + "-", 1_500);
      load.awaitAnswered(Lane.BULK, 100);
      for (int round = 0; round < ROUNDS; round++) {
        List<Fault> faults = new ArrayList<>(Arrays.asList(Fault.values()));
        Collections.shuffle(faults, random);
        for (Fault fault : faults) {
          pass(Duration.ofMillis(random.nextInt(LONGEST_GAP_MS)));
          LOG.info("Chaos: {}", fault);
          strike(fault, pipeline, second, network, random);
        }
        while (!endings.isEmpty()) {
          pass(Duration.ofMillis(100));
        }
        int answered = load.texts(Lane.BULK).size();
        load.awaitAnswered(Lane.BULK, answered + 200);
      }
      load.finish();

      load.checkAnswered();
      int requests = load.texts(Lane.BULK).size() + load.texts(Lane.INTERACTIVE).size();
      long repeated = inferences(pipeline) - before - copies - requests;
      LOG.info("Chaos: {} requests, {} inferences repeated", requests, repeated);
      assertThat(repeated).isBetween(0L, (long) IN_FLIGHT * ROUNDS * Fault.values().length);
      behind.kill();
    }
    second.terminate();
    second.awaitExit(PATIENCE);
    pipeline.assertServes("after-the-chaos-");
  }

  private void strike(
      Fault fault, FaultPipeline pipeline, ChildJvm second, TcpProxy network, Random random) {
    switch (fault) {
      case WORKER_KILLED -> pipeline.workers().getFirst().kill();
      case WORKER_FROZEN -> {
        ChildJvm worker = pipeline.workers().getLast();
        worker.stop();
        endAfter(WORKER_FROST, worker::resume);
      }
      case WORKER_CUT_OFF -> {
        network.cut();
        endAfter(WORKER_FROST, network::restore);
      }
      case ROUTER_KILLED -> {
        pipeline.killRouter();
        pipeline.restartRouter();
      }
      case ROUTER_FROZEN -> {
        second.stop();
        endAfter(ROUTER_FROST, second::resume);
      }
      case RESULTS_AGAIN -> resultsAgain(pipeline, random);
    }
  }

  /** Lets time pass, and ends the faults that are over. */
  private void pass(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .atMost(time.plus(PATIENCE))
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> System.nanoTime() - until > 0);
    for (Ending ending : List.copyOf(endings)) {
      if (System.nanoTime() - ending.atNanos() > 0) {
        endings.remove(ending);
        ending.what().run();
      }
    }
  }

  private void endAfter(Duration time, Runnable end) {
    endings.add(new Ending(System.nanoTime() + time.toNanos(), end));
  }

  /** The latest results of a lane come once more, in another order. */
  private void resultsAgain(FaultPipeline pipeline, Random random) {
    String topic = Topics.results(Lane.BULK);
    List<ConsumerRecord<byte[], byte[]>> all = pipeline.wire().read(topic);
    List<ConsumerRecord<byte[], byte[]>> latest =
        new ArrayList<>(all.subList(Math.max(0, all.size() - 20), all.size()));
    Collections.shuffle(latest, random);
    for (ConsumerRecord<byte[], byte[]> result : latest) {
      pipeline
          .wire()
          .send(topic, result.partition(), result.key(), result.value(), result.headers());
      copies += FaultWire.isAnswer(result) ? 1 : 0;
    }
  }

  private static long inferences(FaultPipeline pipeline) {
    return Arrays.stream(Lane.values())
        .flatMap(lane -> pipeline.wire().read(Topics.results(lane)).stream())
        .filter(FaultWire::isAnswer)
        .count();
  }

  /** The same port at another address of this machine. */
  private static TcpProxy network(FaultPipeline pipeline) {
    return TcpProxy.start(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), pipeline.port()),
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), pipeline.port()));
  }

  private Path hosts(TcpProxy network) throws Exception {
    String address = network.address().getAddress().getHostAddress();
    return Files.writeString(folder.resolve("hosts"), address + " localhost\n");
  }
}
