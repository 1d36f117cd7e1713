package io.ratatoskr.bench;

import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.schemas.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The process of an interactive client: {@code run RATE SECONDS} sends so many one-text requests a
 * second, whether or not earlier ones are answered, and says how long each took from when it was
 * due.
 */
final class PacedClient {
  private PacedClient() {}

  static void serve(long start, String bootstrap, String model) throws Exception {
    Sentences sentences = new Sentences(1);
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
      client.open(Lane.INTERACTIVE).join();
      Contender.serve(
          "interactive client",
          start,
          (slice, vectors) ->
              paced(
                  text -> client.embed(EmbedRequest.of(model, text)),
                  sentences,
                  slice.from(),
                  slice.to()));
    }
  }

  /**
   * Sends texts at a steady rate, whether or not earlier ones are answered.
   *
   * @param rate texts sent a second
   * @return {@code millis} from when each was due until it was answered, {@code failed}
   */
  static Map<String, Object> paced(
      Function<String, CompletableFuture<?>> send, Sentences sentences, int rate, int seconds) {
    SplittableRandom random = new SplittableRandom(7);
    List<CompletableFuture<Double>> latencies = new ArrayList<>();
    long period = 1_000_000_000L / rate;
    long begin = System.nanoTime();
    for (int i = 0; i < rate * seconds; i++) {
      // Within its slot at any time, so that no rhythm of the pipeline's own is met or missed.
      long due = begin + i * period + random.nextLong(period);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      CompletableFuture<?> reply = send.apply(sentences.next());
      latencies.add(reply.thenApply(answer -> (System.nanoTime() - due) / 1e6));
    }
    int failed = 0;
    List<Double> millis = new ArrayList<>();
    for (CompletableFuture<Double> latency : latencies) {
      try {
        millis.add(latency.join());
      } catch (CompletionException e) {
        failed++;
      }
    }
    return Map.of("millis", millis, "failed", failed);
  }
}
