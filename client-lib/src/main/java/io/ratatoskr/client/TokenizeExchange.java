package io.ratatoskr.client;

import io.ratatoskr.client.TokenizeReply.Counted;
import io.ratatoskr.client.TokenizeReply.Failed;
import io.ratatoskr.client.TokenizeReply.ItemOutcome;
import io.ratatoskr.client.TokenizeReply.Token;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Tokens;
import java.util.List;

/** Tokenisation: one record for counts; small ones for tokens, whose replies are long. */
final class TokenizeExchange
    implements Exchange<TokenizeRequest, String, ItemOutcome, TokenizeReply> {
  private static final int DETAILED_ITEMS = 32;

  /**
   * At worst each byte is a token, which takes some 13 bytes in the reply, and each character three
   * bytes: so much always fits into one reply.
   */
  private static final long DETAILED_CHARACTERS = Limits.REPLY_BYTES / (3 * 16);

  private final Codec<io.ratatoskr.schemas.wire.TokenizeRequest> written;
  private final Codec<io.ratatoskr.schemas.wire.TokenizeReply> replies;

  TokenizeExchange(SchemaIds ids) {
    written = Codec.of(io.ratatoskr.schemas.wire.TokenizeRequest.class, ids);
    replies = Codec.of(io.ratatoskr.schemas.wire.TokenizeReply.class, ids);
  }

  @Override
  public Class<TokenizeRequest> requests() {
    return TokenizeRequest.class;
  }

  @Override
  public Codec<?> codec() {
    return written;
  }

  @Override
  public List<String> items(TokenizeRequest request) {
    return request.texts();
  }

  @Override
  public int recordItems(TokenizeRequest request) {
    return request.detail() ? DETAILED_ITEMS : Limits.recordItems(request.capability());
  }

  @Override
  public long recordCharacters(TokenizeRequest request) {
    return request.detail() ? DETAILED_CHARACTERS : Long.MAX_VALUE;
  }

  @Override
  public long characters(String text) {
    return text.length();
  }

  @Override
  public byte[] encode(TokenizeRequest request, List<String> texts) {
    return written.encode(
        new io.ratatoskr.schemas.wire.TokenizeRequest(
            request.detail(), texts.stream().map(Exchange::item).toList()));
  }

  @Override
  public TokenizeReply decode(byte[] payload, Provenance provenance) {
    io.ratatoskr.schemas.wire.TokenizeReply wire = replies.decode(payload);
    return new TokenizeReply(
        wire.getModel(),
        wire.getApproximate(),
        outcomes(wire.getItems(), TokenizeExchange::outcome),
        provenance);
  }

  private static ItemOutcome outcome(Object item) {
    Tokens tokens = (Tokens) item;
    return new Counted(
        tokens.getCount(),
        tokens.getTokens().stream()
            .map(token ->
                new Token(token.getId(), token.getText(), token.getStart(), token.getEnd()))
            .toList());
  }

  @Override
  public ItemOutcome failed(InferenceError error) {
    return new Failed(error);
  }

  @Override
  public TokenizeReply join(
      List<TokenizeReply> answers, List<ItemOutcome> items, Provenance provenance) {
    TokenizeReply first = answers.get(0);
    return new TokenizeReply(first.model(), first.approximate(), items, provenance);
  }
}
