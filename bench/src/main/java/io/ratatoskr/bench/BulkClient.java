package io.ratatoskr.bench;

import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The process of a client that gives the bulk lane more than it can do: {@code run COUNT 0} sends
 * so many one-text requests, as fast as it can, and does not wait for their answers.
 */
final class BulkClient {
  private static final int MOST = 1_000_000;
  private static final long BYTES = 1L << 30;

  private BulkClient() {}

  static void serve(long start, String bootstrap, String model) throws Exception {
    Sentences sentences = new Sentences(2);
    RequestOptions options =
        RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofHours(1));
    ClientConfig config =
        ClientConfig.of(bootstrap).withInFlight(MOST, BYTES).withQueued(MOST, BYTES);
    LongAdder failed = new LongAdder();
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {
      client.open(Lane.BULK).join();
      Contender.serve(
          "bulk client",
          start,
          (slice, vectors) -> {
            for (int i = 0; i < slice.from(); i++) {
              var _ =
                  client
                      .embed(EmbedRequest.of(model, sentences.next()).withOptions(options))
                      .whenComplete((reply, failure) -> {
                        if (failure != null) {
                          failed.increment();
                        }
                      });
            }
            return Map.of("failed", failed.sum());
          });
    }
  }
}
