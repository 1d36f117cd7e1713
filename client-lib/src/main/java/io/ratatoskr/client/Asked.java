package io.ratatoskr.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What became of a request.
 *
 * @param calls its records; none where it could not be sent
 * @param reply the reply that they make
 */
record Asked<R>(List<? extends Call<?>> calls, CompletableFuture<R> reply) {

  static <R> Asked<R> failed(RatatoskrException cause) {
    return new Asked<>(List.of(), CompletableFuture.failedFuture(cause));
  }

  /** The same, of a request of one record. */
  Submitted<R> submitted() {
    return new Submitted<>(
        calls.isEmpty()
            ? reply.thenApply(none -> {
              throw new IllegalStateException("there is a reply to a request that was not sent");
            })
            : calls.get(0).submitted(),
        reply);
  }
}
