package io.ratatoskr.gateway;

import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.util.EnumSet;
import java.util.Map;

/**
 * What is particular of a provider in the contract.
 *
 * @param type its type
 * @param folder of its recorded bytes, which is also its name in the configuration
 * @param basePath of its base URL
 * @param target of a chat
 * @param streamEnding how the names of its streams end
 * @param streamType content type of its streams
 * @param keyHeader header that carries the key
 * @param keyPrefix what stands before the key there
 * @param usage what it says of tokens
 * @param options every option that it takes
 * @param refused the options that it takes not
 * @param codes the error of each recorded refusal, by the name of its file
 * @param filler an endless stream's line without content
 * @param piece an endless stream's line of content
 */
record ProviderFacade(
    ProviderType type,
    String folder,
    String basePath,
    String target,
    String streamEnding,
    String streamType,
    String keyHeader,
    String keyPrefix,
    TokenUsage usage,
    ChatOptions options,
    EnumSet<ChatParameter> refused,
    Map<String, Refusal> codes,
    String filler,
    String piece) {

  /**
   * A recorded refusal.
   *
   * @param status of it
   * @param error name of what it becomes
   * @param isTransient whether it may go away
   */
  record Refusal(int status, String error, boolean isTransient) {}
}
