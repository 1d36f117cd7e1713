package io.ratatoskr.client;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.wire.Chunk;

/** Joins the requests and replies of language models to their records. */
final class ChatExchange {
  private final Codec<io.ratatoskr.schemas.wire.ChatRequest> chats;
  private final Codec<io.ratatoskr.schemas.wire.ChatReply> chatReplies;
  private final Codec<io.ratatoskr.schemas.wire.GenerateRequest> generations;
  private final Codec<io.ratatoskr.schemas.wire.GenerateReply> generateReplies;
  private final Codec<Chunk> chunks;

  ChatExchange(SchemaIds ids) {
    chats = Codec.of(io.ratatoskr.schemas.wire.ChatRequest.class, ids);
    chatReplies = Codec.of(io.ratatoskr.schemas.wire.ChatReply.class, ids);
    generations = Codec.of(io.ratatoskr.schemas.wire.GenerateRequest.class, ids);
    generateReplies = Codec.of(io.ratatoskr.schemas.wire.GenerateReply.class, ids);
    chunks = Codec.of(Chunk.class, ids);
  }

  Codec<?> codec(ChatCall<?> request) {
    return request instanceof ChatRequest ? chats : generations;
  }

  /**
   * The record of a request.
   *
   * @throws RequestFailedException if it is too large
   */
  byte[] encode(ChatCall<?> request) {
    byte[] value =
        request instanceof ChatRequest chat
            ? chats.encode(chat.input().toWire())
            : generations.encode(((GenerateRequest) request).input().toWire());
    BatchCall.refuseAbove(value.length);
    return value;
  }

  Codec<Chunk> chunks() {
    return chunks;
  }

  /** The reply of a request of that class. */
  @SuppressWarnings("unchecked") // A request of one class has replies of one class.
  <R extends ChatResult> R decode(ChatCall<R> request, RecordOutcome.Answer answer) {
    return request instanceof ChatRequest ? (R) chatReply(answer) : (R) generateReply(answer);
  }

  ChatReply chatReply(RecordOutcome.Answer answer) {
    return new ChatReply(
        ChatAnswer.ofWire(chatReplies.decode(answer.payload())), answer.provenance());
  }

  GenerateReply generateReply(RecordOutcome.Answer answer) {
    return new GenerateReply(
        ChatAnswer.ofWire(generateReplies.decode(answer.payload())), answer.provenance());
  }
}
