package io.ratatoskr.schemas.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nonsense is refused, naming what is wrong. */
class ChatInputTest {
  private static final ChatMessage HELLO = ChatMessage.user("hello");
  private static final ToolDefinition TOOL = ToolDefinition.of("t", "", "{}");

  private static Arguments refused(String message, ThrowingCallable made) {
    return Arguments.of(message, made);
  }

  private static ChatInput input(List<ToolDefinition> tools, ToolChoice choice) {
    return new ChatInput(List.of(HELLO), tools, choice, ChatOptions.defaults());
  }

  static Stream<Arguments> nonsense() {
    ChatOptions.Builder parallel = ChatOptions.builder().parallelToolCalls(true);
    return Stream.of(
        refused("messages: at least one", () -> ChatInput.of(List.of(), ChatOptions.defaults())),
        refused(
            "messages: no assistant's message before it makes the tool call 'c'",
            () -> ChatInput.of(List.of(ChatMessage.tool("c", "")), ChatOptions.defaults())),
        refused("tools: 't' is there twice", () -> input(List.of(TOOL, TOOL), ToolChoice.auto())),
        refused("tool_choice: required", () -> input(List.of(), new ToolChoice.Required())),
        refused(
            "tool_choice: there is no tool 'x'",
            () -> input(List.of(TOOL), new ToolChoice.Named("x"))),
        refused("tool: a name has 1 to 64", () -> ToolDefinition.of("a b", "", "{}")),
        refused("tool t: parameters: must be a JSON", () -> ToolDefinition.of("t", "", "{")),
        refused("tool t: parameters: must be a JSON", () -> ToolDefinition.of("t", "", "")),
        refused("tool t: parameters: must be a JSON", () -> ToolDefinition.of("t", "", "[]")),
        refused("tool call: has no id", () -> new ToolCall("", "t", "{}")),
        refused("tool call: names no tool", () -> new ToolCall("c", " ", "{}")),
        refused(
            "user: has no content", () -> new ChatMessage.UserMessage(List.of(), Optional.empty())),
        refused(
            "assistant: has neither content nor tool calls",
            () -> new ChatMessage.AssistantMessage(List.of(), List.of(), Optional.empty(), "")),
        refused(
            "response format s: schema: must be a JSON object",
            () -> new ResponseFormat.JsonSchema("s", "1", true)),
        refused("temperature: must be at least 0", () -> options().temperature(-0.1).build()),
        refused("temperature: must be", () -> options().temperature(Double.NaN).build()),
        refused("top_p: must be above 0", () -> options().topP(0).build()),
        refused("top_p: must be above 0", () -> options().topP(1.1).build()),
        refused("top_k: must be positive", () -> options().topK(0).build()),
        refused("max_tokens: must be positive", () -> options().maxTokens(-1).build()),
        refused("stop: a stop sequence is empty", () -> options().stop("a", "").build()),
        refused("frequency_penalty: must be", () -> options().frequencyPenalty(2.5).build()),
        refused("presence_penalty: must be", () -> options().presencePenalty(-3).build()),
        refused("repetition_penalty: must be", () -> options().repetitionPenalty(0).build()),
        refused("raw_provider_options: must", () -> options().rawProviderOptions("[1]").build()),
        refused("reasoning.max_tokens: must be positive", () -> ReasoningOptions.ofTokens(0)),
        refused(
            "reasoning.max_tokens: leave it out",
            () ->
                new ReasoningOptions(Optional.of(ReasoningEffort.NONE), OptionalInt.of(1), false)),
        refused(
            "prompt: is empty",
            () -> new GenerateInput("", Optional.empty(), ChatOptions.defaults())),
        refused(
            "parallel_tool_calls: there are no tools",
            () -> new GenerateInput("p", Optional.empty(), parallel.build())),
        refused(
            "cached_tokens: is negative: -1",
            () ->
                new TokenUsage(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.of(-1))),
        refused("sequence: counts from 0", () -> new ChatChunk("e", 1, -1, List.of())),
        refused("attempt: counts from 1", () -> new ChatChunk("e", 0, 0, List.of())),
        refused("events: at least one", () -> new ChatChunk("e", 1, 0, List.of())));
  }

  private static ChatOptions.Builder options() {
    return ChatOptions.builder();
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsense_isRefused_namingIt(String message, ThrowingCallable made) {
    assertThatIllegalArgumentException().isThrownBy(made).withMessageStartingWith(message);
  }

  @Test
  void parameters_areThoseThatAreSet() {
    assertThat(ChatOptions.defaults().parameters()).isEmpty();
    assertThat(ChatRecordsTest.ALL.parameters()).isEqualTo(EnumSet.allOf(ChatParameter.class));
    assertThat(options().topP(1).stop("x").build().parameters())
        .containsExactly(ChatParameter.TOP_P, ChatParameter.STOP);
  }

  @Test
  void or_fillsWhatIsNotSet() {
    ChatOptions all = ChatRecordsTest.ALL;
    ChatOptions own = ChatOptions.builder().temperature(0).stop("mine").build();

    assertThat(ChatOptions.defaults().or(all)).isEqualTo(all);
    assertThat(all.or(ChatOptions.builder().temperature(0).seed(99).topK(1).build()))
        .isEqualTo(all);
    assertThat(own.or(all)).isEqualTo(all.toBuilder().temperature(0).stop("mine").build());
  }

  @Test
  void toBuilder_changesOneOption() {
    ChatOptions all = ChatRecordsTest.ALL;

    assertThat(all.toBuilder().build()).isEqualTo(all);
    assertThat(all.toBuilder().seed(3).build().seed()).hasValue(3);
  }

  @Test
  void asChat_putsTheSystemAboveThePrompt() {
    assertThat(new GenerateInput("p", Optional.of("s"), ChatOptions.defaults()).asChat().messages())
        .containsExactly(ChatMessage.system("s"), ChatMessage.user("p"));
  }

  @Test
  void totalTokens_areKnown_whereBothAre() {
    TokenUsage both =
        new TokenUsage(
            OptionalLong.of(2), OptionalLong.of(3), OptionalLong.empty(), OptionalLong.empty());

    assertThat(both.totalTokens()).hasValue(5);
    assertThat(TokenUsage.unknown().totalTokens()).isEmpty();
    assertThat(Map.of(both, 1)).containsKey(both);
  }
}
