package io.ratatoskr.schemas.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.ChatReply;
import io.ratatoskr.schemas.wire.ChatRequest;
import io.ratatoskr.schemas.wire.Chunk;
import io.ratatoskr.schemas.wire.GenerateReply;
import io.ratatoskr.schemas.wire.GenerateRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said in Java arrives as it was said. */
class ChatRecordsTest {
  private static final ToolDefinition WEATHER =
      new ToolDefinition("get_weather", "The weather of a town.", "{\"type\": \"object\"}", true);
  private static final ToolCall CALL = new ToolCall("call_1", "get_weather", "{\"town\":\"東京\"}");

  static final ChatOptions ALL =
      ChatOptions.builder()
          .temperature(0.5)
          .topP(0.9)
          .topK(40)
          .maxTokens(100)
          .stop("END", "\n\n")
          .frequencyPenalty(-1)
          .presencePenalty(1.5)
          .repetitionPenalty(1.1)
          .seed(-7L)
          .parallelToolCalls(false)
          .responseFormat(new ResponseFormat.JsonSchema("town", "{\"type\":\"object\"}", true))
          .reasoning(
              new ReasoningOptions(Optional.of(ReasoningEffort.HIGH), OptionalInt.of(1024), true))
          .cachePrompt(true)
          .rawProviderOptions("{\"top_a\":0.1}")
          .build();

  private static <T extends SpecificRecord> T travelled(Class<T> type, T record) {
    Codec<T> codec = Codec.of(type, SchemaIds.derived());
    return codec.decode(codec.encode(record));
  }

  static List<ChatInput> inputs() {
    List<Content> two = List.of(new TextContent("one"), new TextContent(""));
    List<ChatMessage> conversation =
        List.of(
            new ChatMessage.SystemMessage(two, Optional.of("house")),
            new ChatMessage.UserMessage(two, Optional.of("ann")),
            new ChatMessage.AssistantMessage(two, List.of(CALL), Optional.of("bot"), "[\"s\"]"),
            ChatMessage.tool("call_1", "rain"),
            ChatMessage.assistant("It rains."),
            ChatMessage.user("naïve 🐿"));
    return List.of(
        ChatInput.of(List.of(ChatMessage.user("hello")), ChatOptions.defaults()),
        new ChatInput(conversation, List.of(WEATHER), new ToolChoice.Auto(), ALL),
        new ChatInput(
            conversation, List.of(WEATHER), new ToolChoice.None(), ChatOptions.defaults()),
        new ChatInput(
            conversation, List.of(WEATHER), new ToolChoice.Required(), ChatOptions.defaults()),
        new ChatInput(
            conversation,
            List.of(WEATHER),
            new ToolChoice.Named("get_weather"),
            ChatOptions.builder().responseFormat(new ResponseFormat.JsonObject()).build()));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void chatInput_afterItsJourney_isEqual(ChatInput input) {
    assertThat(ChatInput.ofWire(travelled(ChatRequest.class, input.toWire()))).isEqualTo(input);
  }

  @Test
  void generateInput_afterItsJourney_isEqual() {
    for (GenerateInput input :
        List.of(
            new GenerateInput("prompt", Optional.empty(), ChatOptions.defaults()),
            new GenerateInput(
                "prompt",
                Optional.of("system"),
                ChatOptions.builder().reasoning(ReasoningOptions.ofTokens(5)).seed(1L).build()))) {
      assertThat(GenerateInput.ofWire(travelled(GenerateRequest.class, input.toWire())))
          .isEqualTo(input);
    }
  }

  @ParameterizedTest
  @EnumSource
  void chatAnswer_afterItsJourney_isEqual(FinishReason reason) {
    TokenUsage usage =
        new TokenUsage(
            OptionalLong.of(3), OptionalLong.empty(), OptionalLong.of(0), OptionalLong.of(1));
    for (ChatAnswer answer :
        List.of(
            new ChatAnswer(
                "m", List.of(new TextContent("a")), "r", List.of(CALL), reason, usage, "[]"),
            new ChatAnswer("m", List.of(), "", List.of(), reason, TokenUsage.unknown(), ""))) {
      assertThat(ChatAnswer.ofWire(travelled(ChatReply.class, answer.toWire()))).isEqualTo(answer);
      ChatAnswer generated =
          new ChatAnswer(
              "m", answer.content(), answer.reasoning(), List.of(), reason, answer.usage(), "");
      assertThat(ChatAnswer.ofWire(travelled(GenerateReply.class, answer.toGenerateReply())))
          .isEqualTo(generated);
    }
  }

  @Test
  void chunk_ofEveryEvent_isEqualAfterItsJourney() {
    ChatChunk chunk =
        new ChatChunk(
            "execution",
            2,
            0,
            List.of(
                new ChatEvent.Started("ollama", "m", Location.REMOTE, "asked for"),
                new ChatEvent.Content("a"),
                new ChatEvent.Reasoning("r"),
                new ChatEvent.ToolCallStart(0, "id", "name"),
                new ChatEvent.ToolCallDelta(0, "{"),
                new ChatEvent.ToolCallEnd(0),
                new ChatEvent.Usage(TokenUsage.unknown()),
                new ChatEvent.AttemptAborted("execution", "the worker is gone"),
                new ChatEvent.Done(FinishReason.LENGTH, "[]")));

    assertThat(ChatChunk.ofWire(travelled(Chunk.class, chunk.toWire()))).isEqualTo(chunk);
    assertThat(chunk.events()).hasSize(ChatEvent.class.getPermittedSubclasses().length);
  }

  @Test
  void ofWire_whatNoClientWrites_isUndecodable() {
    ChatRequest empty = inputs().get(0).toWire();
    ChatRequest none =
        new ChatRequest(List.of(), List.of(), empty.getToolChoice(), empty.getOptions());

    assertThatExceptionOfType(UndecodableRecordException.class)
        .isThrownBy(() -> ChatInput.ofWire(travelled(ChatRequest.class, none)))
        .withMessage("this is no chat request: messages: at least one");
  }
}
