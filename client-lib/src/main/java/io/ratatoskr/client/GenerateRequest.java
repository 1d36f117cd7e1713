package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.GenerateInput;
import java.util.Optional;

/**
 * A prompt, which a model shall answer or continue.
 *
 * @param model id of the model
 * @param input prompt, instructions and how the model samples
 * @param options how the request travels; the defaults of {@link #of} wait ten minutes
 */
public record GenerateRequest(String model, GenerateInput input, RequestOptions options)
    implements ChatCall<GenerateReply> {

  public GenerateRequest {
    ChatCall.check(model, input.options(), options);
  }

  /** A prompt without instructions. */
  public static GenerateRequest of(String model, String prompt) {
    return new GenerateRequest(
        model,
        new GenerateInput(prompt, Optional.empty(), ChatOptions.defaults()),
        ChatCall.defaults());
  }

  /** With instructions that stand above the prompt. */
  public GenerateRequest withSystem(String text) {
    return new GenerateRequest(
        model, new GenerateInput(input.prompt(), Optional.of(text), input.options()), options);
  }

  /** With other ways of sampling. */
  public GenerateRequest withChatOptions(ChatOptions newOptions) {
    return new GenerateRequest(
        model, new GenerateInput(input.prompt(), input.system(), newOptions), options);
  }

  public GenerateRequest withOptions(RequestOptions newOptions) {
    return new GenerateRequest(model, input, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.GENERATE;
  }
}
