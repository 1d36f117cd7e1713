package io.ratatoskr.nli;

import io.ratatoskr.onnx.ModelStore;
import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.onnxworker.RequestReader;
import io.ratatoskr.onnxworker.ServedModels;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Token;
import io.ratatoskr.schemas.wire.TokenizeReply;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.schemas.wire.Tokens;
import io.ratatoskr.tokenize.ModelTokenizer;
import io.ratatoskr.tokenize.TokenizerAliasException;
import io.ratatoskr.tokenize.TokenizerLoadException;
import io.ratatoskr.tokenize.Tokenizers;
import io.ratatoskr.tokenize.UnknownTokenizerException;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Work;
import java.util.List;

/** Reads tokenize requests and answers them at once, since no model runs. */
final class TokenizeRequests implements RequestReader<PairClassifier> {
  private static final String PROVIDER = "tokenize";
  private static final String REMEDY =
      "ask for counts without the tokens, or for fewer or shorter texts at once";

  private final Codec<TokenizeRequest> requests;
  private final Codec<TokenizeReply> replies;
  private final Tokenizers tokenizers = Tokenizers.standard();

  /** Knows the standard names, and every model that can be found here by its id. */
  TokenizeRequests(ServedModels served, SchemaIds ids) {
    requests = Codec.of(TokenizeRequest.class, ids);
    replies = Codec.of(TokenizeReply.class, ids);
    ModelStore store = served.store();
    store.registerTokenizers(tokenizers);
    served.byId().forEach((id, name) -> store.registerTokenizer(tokenizers, id, name));
  }

  @Override
  public Reading<PairClassifier> read(Work work) {
    TokenizeRequest request = requests.decode(work.payload(), work.schema());
    return Reading.within(
        request.getItems().size(),
        Limits.recordItems(Capability.TOKENIZE),
        () -> new Reading.Settled<>(outcome(work.model(), request)));
  }

  private Outcome outcome(String model, TokenizeRequest request) {
    try {
      ModelTokenizer tokenizer = tokenizers.of(model);
      List<Object> items =
          request.getItems().stream()
              .<Object>map(item -> tokens(tokenizer, RequestReader.text(item), request.getDetail()))
              .toList();
      byte[] reply = replies.encode(new TokenizeReply(model, tokenizer.approximate(), items));
      return reply.length > Limits.REPLY_BYTES
          ? new Outcome.Rejected(InferenceError.tooLargeReply(reply.length, REMEDY))
          : new Outcome.Answered(
              reply, new Outcome.Answerer(PROVIDER, tokenizer.name(), "", false));
    } catch (UnknownTokenizerException e) {
      return new Outcome.Rejected(
          InferenceError.modelNotFound(model, String.valueOf(e.getMessage())));
    } catch (TokenizerLoadException | TokenizerAliasException e) {
      return new Outcome.Rejected(
          InferenceError.modelNotAvailable(model, String.valueOf(e.getMessage())));
    }
  }

  private static Tokens tokens(ModelTokenizer tokenizer, String text, boolean detail) {
    if (!detail) {
      return new Tokens(tokenizer.count(text), List.of());
    }
    List<Token> tokens =
        tokenizer.tokenize(text).stream()
            .map(token -> new Token(token.id(), token.text(), token.start(), token.end()))
            .toList();
    return new Tokens(tokens.size(), tokens);
  }

  @Override
  public void close() {
    tokenizers.close();
  }
}
