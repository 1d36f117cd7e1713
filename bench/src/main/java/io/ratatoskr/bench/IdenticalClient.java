package io.ratatoskr.bench;

import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One of the client processes of {@link IdenticalCommand}: all its requests at once. */
final class IdenticalClient {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final long BYTES = 1L << 30;

  private IdenticalClient() {}

  static void serve(long start, String bootstrap, String model, String text, int count)
      throws Exception {
    ClientConfig config =
        ClientConfig.of(bootstrap).withInFlight(count, BYTES).withQueued(count, BYTES);
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      client.open(Lane.INTERACTIVE).join();
      EmbedRequest request =
          EmbedRequest.of(model, text)
              .withOptions(RequestOptions.defaults().withCache(CacheMode.ON).withTimeout(TIMEOUT));
      Contender.serve("client", start, (slice, vectors) -> send(client, request, count));
    }
  }

  /** {@code seconds} until the last reply, and how many replies came about in which way. */
  private static Map<String, Object> send(KafkaRatatoskr client, EmbedRequest request, int count) {
    long begin = System.nanoTime();
    List<CompletableFuture<EmbedReply>> replies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      replies.add(client.embed(request));
    }
    Map<String, Object> result = new TreeMap<>();
    for (CompletableFuture<EmbedReply> reply : replies) {
      String kind;
      try {
        kind = reply.join().provenance().cache().name();
      } catch (CompletionException e) {
        kind = "failed";
        result.putIfAbsent("failure", String.valueOf(e.getCause()));
      }
      result.merge(kind, 1, (a, b) -> (Integer) a + (Integer) b);
    }
    result.put("seconds", (System.nanoTime() - begin) / 1e9);
    return result;
  }
}
