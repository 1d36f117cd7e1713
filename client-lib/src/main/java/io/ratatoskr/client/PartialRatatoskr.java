package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.InferenceError;
import java.util.concurrent.CompletableFuture;

/**
 * Fails every call with {@code NoProvider}; extend it for a client of some capabilities, such as a
 * stand-in for tests.
 */
public abstract class PartialRatatoskr implements Ratatoskr {

  @Override
  public CompletableFuture<EmbedReply> embed(EmbedRequest request) {
    return refused(Capability.EMBED);
  }

  @Override
  public CompletableFuture<NliReply> nli(NliRequest request) {
    return refused(Capability.NLI);
  }

  @Override
  public CompletableFuture<ClassifyReply> classify(ClassifyRequest request) {
    return refused(Capability.CLASSIFY);
  }

  @Override
  public CompletableFuture<StanceReply> stance(StanceRequest request) {
    return refused(Capability.STANCE);
  }

  @Override
  public CompletableFuture<TokenizeReply> tokenize(TokenizeRequest request) {
    return refused(Capability.TOKENIZE);
  }

  private static <R> CompletableFuture<R> refused(Capability capability) {
    String name = capability.topicName();
    return CompletableFuture.failedFuture(
        new RequestFailedException(
            new InferenceError.NoProvider(name, "this client does not serve " + name)));
  }
}
