package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.LastingPort;
import io.ratatoskr.testkit.ProcessKiller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both pools with their built-in models side by side, while their processes are killed. */
@ExtendWith(ProcessKiller.Extension.class)
class TwoPoolsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int REQUESTS = 60;
  private static final String PREMISE =
      "The service restarted after the operator applied a change.";

  @TempDir private Path temp;

  @Test
  void workersAndThenEverythingKilled_bothPoolsAnswerEveryRequest(ProcessKiller killer) {
    String port = Integer.toString(LastingPort.find());
    ChildJvm up = up(killer, port);
    String bootstrap = up.awaitLine("^Kafka ", PATIENCE).replaceFirst("^Kafka +", "");
    up.awaitLine("^Ready", PATIENCE);
    List<ChildJvm> workers =
        List.of(
            worker(killer, bootstrap, "embed", EmbeddedRatatoskr.ALL_MINILM_L6_V2_Q),
            worker(killer, bootstrap, "nli", EmbeddedRatatoskr.NLI_MINILM_L6));
    workers.forEach(worker -> worker.awaitLine("^Ready", PATIENCE));

    try (KafkaRatatoskr client = KafkaRatatoskr.connect(ClientConfig.of(bootstrap))) {
      Load first = Load.send(client, "first");
      first.awaitSome();
      workers.forEach(ChildJvm::kill);
      first.check();

      Load second = Load.send(client, "second");
      second.awaitSome();
      up.kill();
      ChildJvm again = TestProcess.startOnFreedPort(() -> up(killer, port), "^Ready");
      second.check();
      assertThat(again.isAlive()).isTrue();
    }
  }

  private ChildJvm up(ProcessKiller killer, String port) {
    return killer.start(
        Command.of(
                Main.class,
                "up",
                "--port",
                "0",
                "--kafka-port",
                port,
                "--data",
                temp.resolve("data").toString(),
                "--model",
                EmbeddedRatatoskr.ALL_MINILM_L6_V2_Q,
                "--model",
                EmbeddedRatatoskr.NLI_MINILM_L6)
            .withHeap("1g"));
  }

  private static ChildJvm worker(
      ProcessKiller killer, String bootstrap, String role, String model) {
    return killer.start(
        Command.of(Main.class, "serve", role, "--bootstrap", bootstrap, "--model", model)
            .withHeap("512m"));
  }

  /** Requests for both pools, sent at once. */
  private record Load(
      List<CompletableFuture<EmbedReply>> embedded, List<CompletableFuture<NliReply>> judged) {

    static Load send(KafkaRatatoskr client, String name) {
      RequestOptions bulk =
          RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofMinutes(10));
      List<CompletableFuture<EmbedReply>> embedded = new ArrayList<>();
      List<CompletableFuture<NliReply>> judged = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        List<String> texts = new ArrayList<>();
        List<NliRequest.Pair> pairs = new ArrayList<>();
        for (int item = 0; item < 16; item++) {
          texts.add("Text %d of %s request %d, about squirrels.".formatted(item, name, i));
          pairs.add(
              new NliRequest.Pair(
                  PREMISE,
                  item == 0
                      ? "The service was restarted."
                      : "%s, %d, %d.".formatted(name, i, item)));
        }
        embedded.add(
            client.embed(
                EmbedRequest.of(EmbeddedRatatoskr.ALL_MINILM_L6_V2_Q, texts.toArray(String[]::new))
                    .withOptions(bulk)));
        judged.add(
            client.nli(NliRequest.of(EmbeddedRatatoskr.NLI_MINILM_L6, pairs).withOptions(bulk)));
      }
      return new Load(embedded, judged);
    }

    /** Until both pools have begun and neither has ended. */
    void awaitSome() {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() ->
              embedded.stream().anyMatch(CompletableFuture::isDone)
                  && judged.stream().anyMatch(CompletableFuture::isDone));
    }

    void check() {
      for (CompletableFuture<EmbedReply> reply : embedded) {
        assertThat(reply.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join().vectors())
            .hasSize(16)
            .allMatch(vector -> vector.length == 384);
      }
      for (CompletableFuture<NliReply> reply : judged) {
        List<NliReply.Scored> scores =
            reply.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join().scores();
        assertThat(scores).hasSize(16);
        assertThat(scores.getFirst().label()).isEqualTo(NliReply.Label.ENTAILMENT);
      }
    }
  }
}
