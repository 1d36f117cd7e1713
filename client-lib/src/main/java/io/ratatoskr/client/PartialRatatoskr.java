package io.ratatoskr.client;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Fails every call with {@code NoProvider}; extend it for a client of some capabilities, such as a
 * stand-in for tests.
 */
public abstract class PartialRatatoskr implements Ratatoskr {

  @Override
  public <R> CompletableFuture<R> ask(Request<R> request) {
    String name = request.capability().topicName();
    return CompletableFuture.failedFuture(
        new RequestFailedException(
            InferenceError.noProvider(name, "this client does not serve " + name)));
  }

  /** Gives what {@link #ask} gives, and no handle: no request of this client outlives its call. */
  @Override
  public <R> Submitted<R> submit(Request<R> request) {
    return new Submitted<>(
        CompletableFuture.failedFuture(
            new RequestFailedException(
                InferenceError.unsupported("this client keeps no replies, so it has no handles"))),
        ask(request));
  }

  /** Fails with {@code ReplyNotFound}: no request of this client outlives its call. */
  @Override
  public <R extends Reply> CompletableFuture<R> await(Handle handle, Class<R> type) {
    return CompletableFuture.failedFuture(
        new RequestFailedException(InferenceError.replyNotFound("this client keeps no replies")));
  }

  /** Gives what {@link #ask} gives, in one piece. */
  @Override
  public <R extends ChatResult> ChatStream<R> stream(ChatCall<R> request) {
    return ChatStream.of(ask(request));
  }

  /** Does nothing: no request of this client outlives its call. */
  @Override
  public CompletableFuture<Void> cancel(Handle handle) {
    return CompletableFuture.completedFuture(null);
  }

  /** Does nothing: no request of this client outlives its call. */
  @Override
  public CompletableFuture<Void> cancelJob(JobEpoch job, Lane lane) {
    return CompletableFuture.completedFuture(null);
  }

  /** None: this client does not say. */
  @Override
  public CompletableFuture<List<KnownModel>> models() {
    return CompletableFuture.completedFuture(List.of());
  }
}
