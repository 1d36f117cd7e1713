package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.FickleProvider.Mood;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.LastingPort;
import io.ratatoskr.testkit.ProcessKiller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chain of two providers, the first of which fails, lies and recovers at random moments, behind
 * two gateways, one of which is killed now and then, as is the router. Every chat has one answer,
 * that of its own prompt, and a provider answers no more often than was running at each kill.
 * {@code bench/run chaos} runs it.
 */
@ExtendWith(ProcessKiller.Extension.class)
@EnabledIfSystemProperty(named = "chaos.rounds", matches = "\\d+", disabledReason = "takes long")
class ProviderChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderChaosIT.class);
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 1);
  private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());
  private static final int IN_FLIGHT = 24;

  @TempDir private Path folder;

  private enum Fault {
    FIRST_IS_DOWN,
    FIRST_LIES,
    FIRST_IS_A_STRANGER,
    FIRST_BREAKS_OFF,
    GATEWAY_KILLED,
    ROUTER_KILLED
  }

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> byProvider = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final Semaphore window = new Semaphore(IN_FLIGHT);
  private volatile boolean finishing;

  @Test
  void firstProviderDiesLiesAndRecovers_whileGatewaysAndRouterAreKilled(ProcessKiller killer)
      throws Exception {
    LOG.info("Chaos of {} rounds by seed {}", ROUNDS, SEED);
    Random random = new Random(SEED);
    int port = LastingPort.find();
    String bootstrap = "127.0.0.1:" + port;
    killer
        .start(
            FaultRole.BROKER
                .command(folder.resolve("kafka").toString(), Integer.toString(port))
                .withHeap("512m"))
        .awaitLine("^serving", PATIENCE);
    try (FickleProvider first = new FickleProvider();
        FickleProvider second = new FickleProvider()) {
      Path config = config(bootstrap, first, second);
      start(killer, config, "topics", "create", "--partitions", "2", "--replication-factor", "1")
          .awaitExit(PATIENCE);
      ChildJvm router = router(killer, config);
      ChildJvm killed = start(killer, config, "serve", "gateway");
      ChildJvm other = start(killer, config, "serve", "gateway");
      for (ChildJvm process : List.of(router, killed, other)) {
        process.awaitLine("^Ready", PATIENCE);
      }
      try (KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
        Thread load = Thread.ofPlatform().daemon().start(() -> send(client));
        awaitMore(20);
        int kills = 0;
        for (int round = 0; round < ROUNDS; round++) {
          List<Fault> faults = new ArrayList<>(Arrays.asList(Fault.values()));
          Collections.shuffle(faults, random);
          for (Fault fault : faults) {
            LOG.info("Chaos: {}", fault);
            switch (fault) {
              case FIRST_IS_DOWN -> first.be(Mood.DOWN);
              case FIRST_LIES -> first.be(Mood.LIES);
              case FIRST_IS_A_STRANGER -> first.be(Mood.STRANGER);
              case FIRST_BREAKS_OFF -> first.be(Mood.BREAKS_OFF);
              case GATEWAY_KILLED -> {
                kills++;
                killed.kill();
                killed = start(killer, config, "serve", "gateway");
              }
              case ROUTER_KILLED -> {
                router.kill();
                router = router(killer, config);
              }
            }
            awaitMore(10 + random.nextInt(40));
            if (random.nextBoolean()) {
              first.be(Mood.WELL);
            }
          }
        }
        first.be(Mood.WELL);
        int before = byProvider.getOrDefault("first", 0);
        Awaitility.await("the first one, which is well, is asked again")
            .atMost(PATIENCE)
            .until(() -> byProvider.getOrDefault("first", 0) > before + 10);
        finishing = true;
        load.join();
        Awaitility.await().atMost(PATIENCE).until(() -> window.availablePermits() == IN_FLIGHT);

        for (int i = 0; i < sent.get(); i++) {
          assertThat(answers).containsEntry(prompt(i), FickleProvider.answerTo(prompt(i)));
        }
        int repeated = first.answers() + second.answers() - sent.get();
        LOG.info("Chaos: {} chats, {} answered twice, by {}", sent, repeated, byProvider);
        assertThat(repeated).isBetween(0, kills * IN_FLIGHT);
      }
    }
  }

  private static String prompt(int number) {
    return "number " + number + " by seed " + SEED;
  }

  private void send(KafkaRatatoskr client) {
    RequestOptions options = RequestOptions.defaults().withTimeout(Duration.ofMinutes(3));
    while (!finishing) {
      window.acquireUninterruptibly();
      String prompt = prompt(sent.getAndIncrement());
      var _ =
          client
              .chat(ChatRequest.of("twin", prompt).withOptions(options))
              .whenComplete((reply, failure) -> {
                answers.put(prompt, failure == null ? reply.text() : failure.toString());
                if (failure == null) {
                  count(reply);
                }
                window.release();
              });
    }
  }

  private void count(ChatReply reply) {
    byProvider.merge(reply.provenance().provider(), 1, Integer::sum);
  }

  /** Waits for so many answers more. */
  private void awaitMore(int count) {
    int wanted = answers.size() + count;
    Awaitility.await().atMost(PATIENCE).until(() -> answers.size() >= wanted);
  }

  private Path config(String bootstrap, FickleProvider first, FickleProvider second)
      throws Exception {
    return Files.writeString(
        folder.resolve("ratatoskr.toml"),
        """
        [kafka]
        bootstrap = "%s"
        [providers.first]
        base-url = "%s"
        models = ["twin"]
        [providers.second]
        base-url = "%s"
        models = ["other"]
        [routing.fallbacks]
        twin = ["other@second"]
        [circuit]
        recovery-delay = "1s"
        """
            .formatted(bootstrap, first.baseUrl(), second.baseUrl()));
  }

  private ChildJvm router(ProcessKiller killer, Path config) {
    return start(
        killer,
        config,
        "serve",
        "router",
        "--data",
        folder.resolve("router").toString(),
        "--partitions",
        "2",
        "--replication-factor",
        "1");
  }

  private static ChildJvm start(ProcessKiller killer, Path config, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", config.toString()));
    return killer.start(Command.of(Main.class, all.toArray(String[]::new)).withHeap("512m"));
  }
}
