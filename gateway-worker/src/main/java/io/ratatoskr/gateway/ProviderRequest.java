package io.ratatoskr.gateway;

import io.ratatoskr.schemas.chat.ChatInput;
import java.time.Instant;

/**
 * What a provider is asked.
 *
 * @param input messages, tools and options; {@link io.ratatoskr.schemas.chat.GenerateInput#asChat}
 *     makes one of a prompt
 * @param model the provider's name of the model
 * @param stream whether the answer is wanted as it is made; otherwise it comes in one piece
 * @param deadline when the call is given up
 * @param reason why this model and provider were chosen, for {@link
 *     io.ratatoskr.schemas.chat.ChatEvent.Started}
 */
public record ProviderRequest(
    ChatInput input, String model, boolean stream, Instant deadline, String reason) {
  public ProviderRequest {
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: is empty");
    }
  }
}
