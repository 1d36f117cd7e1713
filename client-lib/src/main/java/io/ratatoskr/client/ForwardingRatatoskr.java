package io.ratatoskr.client;

import java.util.concurrent.CompletableFuture;

/** Hands every call on to another client; extend it to change or watch some of them. */
public abstract class ForwardingRatatoskr implements Ratatoskr {

  /** The client that calls are handed on to. */
  protected abstract Ratatoskr delegate();

  @Override
  public CompletableFuture<EmbedReply> embed(EmbedRequest request) {
    return delegate().embed(request);
  }

  @Override
  public CompletableFuture<NliReply> nli(NliRequest request) {
    return delegate().nli(request);
  }

  @Override
  public CompletableFuture<ClassifyReply> classify(ClassifyRequest request) {
    return delegate().classify(request);
  }

  @Override
  public CompletableFuture<StanceReply> stance(StanceRequest request) {
    return delegate().stance(request);
  }

  @Override
  public CompletableFuture<TokenizeReply> tokenize(TokenizeRequest request) {
    return delegate().tokenize(request);
  }

  @Override
  public void close() {
    delegate().close();
  }
}
