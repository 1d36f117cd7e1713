package io.ratatoskr.router;

import io.ratatoskr.policy.Traits;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.GenerateInput;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.wire.ChatRequest;
import io.ratatoskr.schemas.wire.GenerateRequest;
import org.apache.kafka.common.header.Headers;

/**
 * Reads what of a prompt matters for who can answer it. The router reads a payload only here, and
 * only where the choice depends on it.
 */
final class PromptReader {
  /** A token of English text has about four bytes; of other languages it has fewer. */
  private static final int BYTES_PER_TOKEN = 4;

  private final Codec<ChatRequest> chats;
  private final Codec<GenerateRequest> generations;

  /**
   * Asks for the ids of the schemas.
   *
   * @throws SchemaRegistryException if a registry gives them none
   */
  PromptReader(SchemaIds ids) {
    chats = Codec.of(ChatRequest.class, ids);
    generations = Codec.of(GenerateRequest.class, ids);
  }

  /** The traits of a request; {@link Traits#NONE} where it is none: its worker says so. */
  Traits read(Capability capability, byte[] value, Headers headers) {
    try {
      String schema = Codec.named(headers);
      if (capability == Capability.CHAT) {
        return of(ChatInput.ofWire(chats.decode(value, schema)), value.length);
      }
      if (capability == Capability.GENERATE) {
        GenerateInput prompt = GenerateInput.ofWire(generations.decode(value, schema));
        return of(prompt.asChat(), value.length);
      }
      return Traits.NONE;
    } catch (UndecodableRecordException | SchemaRegistryException e) {
      return Traits.NONE;
    }
  }

  private static Traits of(ChatInput input, int bytes) {
    String prompt = "";
    for (ChatMessage message : input.messages()) {
      if (message instanceof ChatMessage.UserMessage user) {
        prompt = user.text();
      }
    }
    return new Traits(
        prompt,
        bytes / BYTES_PER_TOKEN,
        input.options().maxTokens().orElse(0),
        !input.tools().isEmpty(),
        input.options().responseFormat() instanceof ResponseFormat.JsonSchema);
  }
}
