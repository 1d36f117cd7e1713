package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the callbacks of a client's futures may do. */
@WithKafka
class CallbacksIT {
  private ClientConfig config;

  @BeforeEach
  void topics(TestKafka kafka) {
    config = EchoRouter.config(kafka, List.of(Capability.EMBED));
  }

  @Test
  void embed_fromCallbacks_works() throws Exception {
    try (EchoRouter router = new EchoRouter(config, EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config.withInFlight(1, 1000))) {
      CompletableFuture<EmbedReply> chain = client.embed(EmbedRequest.of("echo", "0"));
      for (int i = 1; i < 100; i++) {
        String text = Integer.toString(i);
        chain = chain.thenCompose(reply -> client.embed(EmbedRequest.of("echo", text)));
      }

      assertThat(chain.join().vector()).isEqualTo(EchoRouter.vectorOf("99"));
      assertThat(router.seen()).hasSize(100);
    }
  }

  @Test
  void embed_callbacksThatBlock_keepNoReplyFromBeingRead() throws Exception {
    Thread test = Thread.currentThread();
    CountDownLatch blocked = new CountDownLatch(6);
    CompletableFuture<Void> free = new CompletableFuture<>();
    try (EchoRouter router = new EchoRouter(config, EchoRouter::echo);
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      List<CompletableFuture<Void>> callbacks = new ArrayList<>();
      for (int i = 0; blocked.getCount() > 0; i++) {
        CompletableFuture<EmbedReply> reply = client.embed(EmbedRequest.of("echo", "lone " + i));
        callbacks.add(
            reply.thenAccept(_ -> {
              // Where the reply was quicker than this line, it is the caller's.
              if (!test.equals(Thread.currentThread())) {
                blocked.countDown();
                free.join();
              }
            }));
        Awaitility.await().until(reply::isDone);
      }

      assertThat(client.embed(EmbedRequest.of("echo", "next")).get(20, TimeUnit.SECONDS).vector())
          .isEqualTo(EchoRouter.vectorOf("next"));
      assertThat(router.seen()).hasSizeGreaterThan(6);
      free.complete(null);
      assertThat(CompletableFuture.allOf(callbacks.toArray(CompletableFuture[]::new)))
          .succeedsWithin(Duration.ofSeconds(20));
    } finally {
      free.complete(null);
    }
  }
}
