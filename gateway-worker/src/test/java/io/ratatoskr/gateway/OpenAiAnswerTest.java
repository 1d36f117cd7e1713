package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.ToolCall;
import org.junit.jupiter.api.Test;

/** Habits of servers that are compatible, more or less. */
class OpenAiAnswerTest {

  private static ChatAnswer answer(String... choices) throws ProviderFailure {
    OpenAiAnswer reader = new OpenAiAnswer("p");
    AnswerSink sink = new AnswerSink(event -> {}, false);
    for (String choice : choices) {
      reader.read(Document.parse("{\"choices\":[" + choice + "]}"), sink);
    }
    reader.end(sink);
    return sink.answer().orElseThrow();
  }

  private static String delta(String calls) {
    return "{\"delta\":{\"tool_calls\":[" + calls + "]}}";
  }

  private static final String STOP = "{\"delta\":{},\"finish_reason\":\"stop\"}";

  @Test
  void toolCalls_allOfNumberZero_areToldApartByTheirIds() throws ProviderFailure {
    ChatAnswer answer =
        answer(
            delta("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
            delta("{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}"),
            delta("{\"index\":0,\"function\":{\"arguments\":\"}\"}}"),
            STOP);

    assertThat(answer.toolCalls())
        .containsExactly(new ToolCall("a", "f", "{}"), new ToolCall("b", "g", "{}"));
    assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void toolCalls_withoutNumbers_goOnWithTheLast() throws ProviderFailure {
    ChatAnswer answer =
        answer(
            delta("{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"),
            delta("{\"id\":\"a\",\"function\":{\"arguments\":\"}\"}}"),
            delta("{\"id\":\"b\",\"function\":{\"name\":\"g\"}}"),
            STOP);

    assertThat(answer.toolCalls())
        .containsExactly(new ToolCall("a", "f", "{}"), new ToolCall("b", "g", "{}"));
  }

  @Test
  void toolCalls_withoutIds_getOnesOfTheirOwn() throws ProviderFailure {
    ChatAnswer answer =
        answer(
            delta("{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
            delta("{\"index\":1,\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
            STOP);

    assertThat(answer.toolCalls())
        .hasSize(2)
        .extracting(ToolCall::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.startsWith("call_"));
  }

  @Test
  void arguments_cutOffByLength_areKeptAsTheyAre() throws ProviderFailure {
    ChatAnswer answer =
        answer(
            delta(
                "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}}"),
            "{\"delta\":{},\"finish_reason\":\"length\"}");

    assertThat(answer.toolCalls()).containsExactly(new ToolCall("a", "f", "{\"x"));
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void refusal_isWhatTheModelSays_andWhyItEnded() throws ProviderFailure {
    ChatAnswer answer = answer("{\"delta\":{\"refusal\":\"I cannot.\"}}", STOP);

    assertThat(answer.text()).isEqualTo("I cannot.");
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
  }

  @Test
  void content_inParts_isTheirText() throws ProviderFailure {
    assertThat(
            answer(
                    "{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\","
                        + "\"text\":\"b\"}]},\"finish_reason\":\"stop\"}")
                .text())
        .isEqualTo("ab");
  }

  @Test
  void reasoningOfATurnWithTools_isKeptForTheNext() throws ProviderFailure {
    ChatAnswer answer =
        answer(
            "{\"delta\":{\"reasoning_content\":\"hm\"}}",
            delta("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
            STOP);

    assertThat(Continuation.OPENAI.read(answer.continuation()).orElseThrow().json())
        .isEqualTo("{\"reasoning_content\":\"hm\"}");
    assertThat(Continuation.ANTHROPIC.read(answer.continuation())).isEmpty();
  }
}
