package io.ratatoskr.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.Handle;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.OnClientLoss;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatReducer;
import io.ratatoskr.testkit.ChildJvm;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.testkit.LastingPort;
import io.ratatoskr.testkit.ProcessKiller;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gateway, router and broker are killed while an answer is streamed: it ends whole all the same.
 */
@ExtendWith(ProcessKiller.Extension.class)
class KilledGatewayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int PIECES = 150;

  /** What is asked where the answer shall last for more than a minute. */
  private static final String SLOWLY = "Count slowly";

  @TempDir private Path folder;

  /** An answer that takes some seconds, to each call. */
  private static final class SlowProvider extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String body =
          IntStream.range(0, PIECES)
                  .mapToObj(i ->
                      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%d \"}}]}\n\n"
                          .formatted(i))
                  .collect(Collectors.joining())
              + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
              + "data: [DONE]\n\n";
      return new MockResponse.Builder()
          .addHeader("Content-Type", "text/event-stream")
          .body(body)
          .throttleBody(256, isSlow(request) ? 2_000 : 100, TimeUnit.MILLISECONDS)
          .build();
    }
  }

  private static boolean isSlow(RecordedRequest request) {
    return Objects.requireNonNull(request.getBody()).utf8().contains(SLOWLY);
  }

  private static String whole() {
    return IntStream.range(0, PIECES).mapToObj(i -> i + " ").collect(Collectors.joining());
  }

  @Test
  void killedInMidStream_oneCompleteAnswer_andOneCallMoreForAKilledGatewayAlone(
      ProcessKiller killer) throws Exception {
    int port = LastingPort.find();
    String bootstrap = "127.0.0.1:" + port;
    ChildJvm broker = broker(killer, port);
    broker.awaitLine("^serving", PATIENCE);
    try (MockWebServer provider = new MockWebServer()) {
      provider.setDispatcher(new SlowProvider());
      provider.start(InetAddress.getLoopbackAddress(), 0);
      Path config =
          Files.writeString(
              folder.resolve("ratatoskr.toml"),
              """
              [kafka]
              bootstrap = "%s"
              [providers.slow]
              base-url = "%s"
              models = ["slow"]
              """
                  .formatted(bootstrap, provider.url("/v1")));
      start(
              killer,
              "topics",
              "create",
              "--config",
              config.toString(),
              "--partitions",
              "2",
              "--replication-factor",
              "1")
          .awaitExit(PATIENCE);
      ChildJvm router = router(killer, config);
      ChildJvm gateway = gateway(killer, config);
      router.awaitLine("^Ready", PATIENCE);
      gateway.awaitLine("^Ready", PATIENCE);

      try (KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
        List<ChatEvent> events =
            stream(
                client,
                () -> {
                  gateway.kill();
                  gateway(killer, config);
                });
        assertThat(events).anyMatch(ChatEvent.AttemptAborted.class::isInstance);
        assertThat(provider.getRequestCount()).isEqualTo(2);

        List<ChatEvent> others =
            stream(
                client,
                () -> {
                  router.kill();
                  router(killer, config);
                });
        assertThat(others).noneMatch(ChatEvent.AttemptAborted.class::isInstance);
        assertThat(provider.getRequestCount()).isEqualTo(3);

        var _ =
            stream(
                client,
                () -> {
                  broker.kill();
                  broker(killer, port);
                });
        assertThat(provider.getRequestCount()).isEqualTo(4);

        assertThat(
                orphaned(killer, bootstrap, client, OnClientLoss.CONTINUE, "Count").join().text())
            .isEqualTo(whole());
        assertThat(provider.getRequestCount()).isEqualTo(5);

        assertThatThrownBy(orphaned(killer, bootstrap, client, OnClientLoss.CANCEL, SLOWLY)::join)
            .hasMessageContaining("Cancelled");
        assertThat(provider.getRequestCount()).isEqualTo(6);
      }
    }
  }

  /** The reply to a chat whose client is killed in the middle of its stream, for its successor. */
  private static CompletableFuture<ChatReply> orphaned(
      ProcessKiller killer,
      String bootstrap,
      KafkaRatatoskr successor,
      OnClientLoss onLoss,
      String prompt) {
    ChildJvm client =
        killer.start(FaultRole.CHATTER.command(bootstrap, "slow", onLoss.name(), prompt));
    String serving = client.awaitLine("^serving", PATIENCE);
    client.kill();
    Handle handle = Handle.parse(serving.replaceFirst("^serving ", ""));
    return successor
        .await(handle, ChatReply.class)
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** The events of a stream, in whose middle something happens; they make the whole answer. */
  private static List<ChatEvent> stream(KafkaRatatoskr client, Runnable inTheMiddle) {
    List<ChatEvent> events = new ArrayList<>();
    try (ChatStream<ChatReply> stream = client.chatStream(ChatRequest.of("slow", "Count"))) {
      Iterator<ChatEvent> each = stream.iterator();
      boolean happened = false;
      while (each.hasNext()) {
        events.add(each.next());
        if (!happened && events.getLast() instanceof ChatEvent.Content) {
          happened = true;
          inTheMiddle.run();
        }
      }
      assertThat(stream.reply().join().text()).isEqualTo(whole());
    }
    assertThat(ChatReducer.answerOf(events).orElseThrow().text()).isEqualTo(whole());
    return events;
  }

  private ChildJvm broker(ProcessKiller killer, int port) {
    return killer.start(
        FaultRole.BROKER
            .command(folder.resolve("kafka").toString(), Integer.toString(port))
            .withHeap("512m"));
  }

  private ChildJvm router(ProcessKiller killer, Path config) {
    return start(
        killer,
        "serve",
        "router",
        "--config",
        config.toString(),
        "--data",
        folder.resolve("router").toString(),
        "--partitions",
        "2",
        "--replication-factor",
        "1");
  }

  private static ChildJvm gateway(ProcessKiller killer, Path config) {
    return start(killer, "serve", "gateway", "--config", config.toString());
  }

  private static ChildJvm start(ProcessKiller killer, String... args) {
    return killer.start(Command.of(Main.class, args).withHeap("512m"));
  }
}
