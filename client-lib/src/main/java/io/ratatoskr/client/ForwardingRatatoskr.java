package io.ratatoskr.client;

import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hands every call on to another client; extend it to change or watch some of them. */
public abstract class ForwardingRatatoskr implements Ratatoskr {

  /** The client that calls are handed on to. */
  protected abstract Ratatoskr delegate();

  @Override
  public <R> CompletableFuture<R> ask(Request<R> request) {
    return delegate().ask(request);
  }

  @Override
  public <R> Submitted<R> submit(Request<R> request) {
    return delegate().submit(request);
  }

  @Override
  public <R extends Reply> CompletableFuture<R> await(Handle handle, Class<R> type) {
    return delegate().await(handle, type);
  }

  @Override
  public <R extends ChatResult> ChatStream<R> stream(ChatCall<R> request) {
    return delegate().stream(request);
  }

  @Override
  public CompletableFuture<Void> cancel(Handle handle) {
    return delegate().cancel(handle);
  }

  @Override
  public CompletableFuture<Void> cancelJob(JobEpoch job, Lane lane) {
    return delegate().cancelJob(job, lane);
  }

  @Override
  public CompletableFuture<List<KnownModel>> models() {
    return delegate().models();
  }

  @Override
  public void close() {
    delegate().close();
  }
}
