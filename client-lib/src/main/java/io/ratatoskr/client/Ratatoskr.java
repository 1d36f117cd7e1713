package io.ratatoskr.client;

import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client for asynchronous inference. Thread-safe. No method blocks on the network: a call that
 * finds no room in flight waits in a bounded queue, and its future completes when the reply is
 * there or its timeout has passed.
 *
 * <p>To cancel the future that a call gives is to cancel its request.
 *
 * <p>Futures fail with a {@link RatatoskrException}; what concerns one item of a request is an
 * outcome in the reply and fails nothing else.
 */
public interface Ratatoskr extends AutoCloseable {

  /**
   * Asks; the other methods do the same for one kind of request each.
   *
   * @return the reply
   * @throws IllegalArgumentException if the request is of a class of its caller's own
   */
  <R> CompletableFuture<R> ask(Request<R> request);

  /**
   * Embeds one or more texts.
   *
   * @return the reply, with one outcome per text in the order of the request
   */
  default CompletableFuture<EmbedReply> embed(EmbedRequest request) {
    return ask(request);
  }

  /**
   * Judges one or more pairs of texts: does the hypothesis follow from the premise?
   *
   * @return the reply, with one outcome per pair in the order of the request
   */
  default CompletableFuture<NliReply> nli(NliRequest request) {
    return ask(request);
  }

  /**
   * Classifies one or more texts by labels of the caller's choice.
   *
   * @return the reply, with one outcome per text in the order of the request
   */
  default CompletableFuture<ClassifyReply> classify(ClassifyRequest request) {
    return ask(request);
  }

  /**
   * Says where one or more texts stand towards their targets.
   *
   * @return the reply, with one outcome per text in the order of the request
   */
  default CompletableFuture<StanceReply> stance(StanceRequest request) {
    return ask(request);
  }

  /**
   * Counts a model's tokens in one or more texts.
   *
   * @return the reply, with one outcome per text in the order of the request
   */
  default CompletableFuture<TokenizeReply> tokenize(TokenizeRequest request) {
    return ask(request);
  }

  /**
   * Has a model write the next message of a conversation.
   *
   * @return the whole answer
   */
  default CompletableFuture<ChatReply> chat(ChatRequest request) {
    return ask(request);
  }

  /**
   * Has a model answer or continue a prompt.
   *
   * @return the whole answer
   */
  default CompletableFuture<GenerateReply> generate(GenerateRequest request) {
    return ask(request);
  }

  /**
   * Asks a language model and takes its answer piece by piece.
   *
   * @return the stream; a failure comes through it
   */
  <R extends ChatResult> ChatStream<R> stream(ChatCall<R> request);

  /** {@link #stream} of a conversation. */
  default ChatStream<ChatReply> chatStream(ChatRequest request) {
    return stream(request);
  }

  /** {@link #stream} of a prompt. */
  default ChatStream<GenerateReply> generateStream(GenerateRequest request) {
    return stream(request);
  }

  /**
   * Sends a request whose reply some process may fetch later, by {@link #await(Handle, Class)} or
   * {@code ratatoskr result}. It goes its way also when this client is closed, or killed.
   *
   * @throws IllegalArgumentException if its items do not fit into one record, which is what a
   *     handle names, or it is of a class of its caller's own
   */
  <R> Submitted<R> submit(Request<R> request);

  /**
   * Waits for the reply to a request that was sent before, perhaps by another process: finds it
   * where it has come already, as long as it is kept ({@code replies.retention}), and else
   * completes when it comes. A request that was streamed gives its whole answer. The first terminal
   * reply is the answer, here as for its sender, whom this does not disturb.
   *
   * <p>To cancel this future does not cancel the request; {@link #cancel(Handle)} does.
   *
   * @param type what the reply is, such as {@code ChatReply}; {@code Reply} takes any
   * @return fails as the request did; or with {@code ReplyNotFound} where the deadline is over and
   *     replies of its time have been deleted, with {@code Expired} where it is over and none came,
   *     with {@code InvalidInput} where the handle is of another domain or of another type
   */
  <R extends Reply> CompletableFuture<R> await(Handle handle, Class<R> type);

  /** {@link #await(Handle, Class)} of a reply of any type. */
  default CompletableFuture<Reply> await(Handle handle) {
    return await(handle, Reply.class);
  }

  /**
   * Cancels a request, perhaps another client's. Its sender gets the answer, where that was
   * quicker, or {@code Cancelled}; work on it that no other request waits for is stopped.
   *
   * @return completes when the cancellation will not be lost any more
   */
  CompletableFuture<Void> cancel(Handle handle);

  /**
   * Cancels the requests of a job on one lane: those of that epoch and of earlier ones, also those
   * that are still to arrive.
   *
   * @return completes when the cancellation will not be lost any more
   */
  CompletableFuture<Void> cancelJob(JobEpoch job, Lane lane);

  /**
   * Lists the models that can be asked now, local and remote: those of the workers that are alive,
   * by name and pool. A client of a cluster needs the right to read {@code ratatoskr.sys.catalog}.
   */
  CompletableFuture<List<KnownModel>> models();

  /** Fails what is pending with a {@link ClientClosedException} and frees every resource. */
  @Override
  void close();
}
