package io.ratatoskr.client;

import java.util.concurrent.CompletableFuture;

/**
 * Asynchronous inference. Thread-safe. No method blocks on the network: a call that finds no room
 * in flight waits in a bounded queue, and its future completes when the reply is there or its
 * timeout has passed.
 *
 * <p>Futures fail with a {@link RatatoskrException}; what concerns one item of a request is an
 * outcome in the reply and fails nothing else.
 */
public interface Ratatoskr extends AutoCloseable {

  /**
   * Embeds one or more texts.
   *
   * @return the reply, with one outcome per text in the order of the request
   */
  CompletableFuture<EmbedReply> embed(EmbedRequest request);

  /** Fails what is pending with a {@link ClientClosedException} and frees every resource. */
  @Override
  void close();
}
