package io.ratatoskr.schemas.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatEvent.AttemptAborted;
import io.ratatoskr.schemas.chat.ChatEvent.Done;
import io.ratatoskr.schemas.chat.ChatEvent.Reasoning;
import io.ratatoskr.schemas.chat.ChatEvent.Started;
import io.ratatoskr.schemas.chat.ChatEvent.ToolCallDelta;
import io.ratatoskr.schemas.chat.ChatEvent.ToolCallEnd;
import io.ratatoskr.schemas.chat.ChatEvent.ToolCallStart;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChatReducerTest {
  private static final Started STARTED = new Started("p", "m", Location.LOCAL, "asked for");
  private static final TokenUsage USAGE =
      new TokenUsage(
          OptionalLong.of(5), OptionalLong.of(7), OptionalLong.empty(), OptionalLong.empty());
  private static final List<ChatEvent> WHOLE =
      List.of(
          STARTED,
          new Reasoning("let me "),
          new Reasoning("see"),
          new ChatEvent.Content("It "),
          new ToolCallStart(0, "a", "get"),
          new ToolCallStart(1, "b", "set"),
          new ToolCallDelta(1, "{\"x\":"),
          new ToolCallDelta(0, "{}"),
          new ToolCallEnd(0),
          new ChatEvent.Content("rains."),
          new ToolCallDelta(1, "1}"),
          new ToolCallEnd(1),
          new ChatEvent.Usage(TokenUsage.unknown()),
          new ChatEvent.Usage(USAGE),
          new Done(FinishReason.TOOL_CALLS, "[9]"));
  private static final ChatAnswer ANSWER =
      new ChatAnswer(
          "m",
          List.of(new TextContent("It rains.")),
          "let me see",
          List.of(new ToolCall("a", "get", "{}"), new ToolCall("b", "set", "{\"x\":1}")),
          FinishReason.TOOL_CALLS,
          USAGE,
          "[9]");

  @Test
  void answerOf_wholeStream_joinsPiecesOfInterleavedCalls() {
    assertThat(ChatReducer.answerOf(WHOLE)).contains(ANSWER);
  }

  /** However far the lost attempt came, nothing of it is left. */
  @Test
  void answerOf_attemptLostAnywhere_isThatOfTheNextAlone() {
    for (int lost = 0; lost <= WHOLE.size(); lost++) {
      List<ChatEvent> events = new ArrayList<>(WHOLE.subList(0, lost));
      events.add(new AttemptAborted("e1", "the worker is gone"));
      events.addAll(WHOLE);

      assertThat(ChatReducer.answerOf(events)).as("lost after %d", lost).contains(ANSWER);
    }
  }

  @Test
  void answer_whileDoneIsMissing_isEmpty_andTheTextGrows() {
    ChatReducer reducer = new ChatReducer();
    for (ChatEvent event : WHOLE.subList(0, WHOLE.size() - 1)) {
      reducer.add(event);
      assertThat(reducer.answer()).isEmpty();
    }
    assertThat(reducer.text()).isEqualTo("It rains.");
    reducer.add(new AttemptAborted("e1", "gone"));
    assertThat(reducer.text()).isEmpty();
  }

  @Test
  void answer_withoutContent_hasNoParts() {
    List<ChatEvent> events = List.of(STARTED, new Done(FinishReason.STOP, ""));

    assertThat(ChatReducer.answerOf(events).orElseThrow().content()).isEmpty();
  }

  @Test
  void add_whatCannotFollow_isRefused() {
    assertRefused("is not number 0", new ToolCallStart(1, "a", "t"));
    assertRefused("belongs to no tool call", new ToolCallDelta(0, "{"));
    assertRefused("belongs to no tool call", new ToolCallEnd(-1));
    assertRefused(
        "belongs to no tool call",
        new ToolCallStart(0, "a", "t"),
        new ToolCallEnd(0),
        new ToolCallDelta(0, "{"));
    assertRefused(
        "after the answer was complete",
        new Done(FinishReason.STOP, ""),
        new ChatEvent.Content("more"));
  }

  private static void assertRefused(String message, ChatEvent... events) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatReducer.answerOf(List.of(events)))
        .withMessageContaining(message);
  }

  @Test
  void message_ofAnAnswer_goesOnWithTheConversation() {
    List<ChatMessage> messages =
        List.of(ChatMessage.user("?"), ANSWER.message(), ChatMessage.tool("b", "ok"));

    assertThat(ChatInput.of(messages, ChatOptions.defaults()).messages()).isEqualTo(messages);
    assertThat(ANSWER.message().continuation()).isEqualTo("[9]");
  }
}
