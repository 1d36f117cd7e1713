package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatChunk;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatReducer;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TextContent;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.chat.ToolCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamedAnswerTest {
  private static final ChatEvent STARTED = new ChatEvent.Started("p", "m", Location.LOCAL, "named");
  private static final ChatEvent DONE = new ChatEvent.Done(FinishReason.STOP, "");

  private final StreamedAnswer streamed = new StreamedAnswer();
  private final List<ChatEvent> seen = new ArrayList<>();

  private void chunk(String execution, int attempt, int sequence, ChatEvent... events) {
    seen.addAll(streamed.add(new ChatChunk(execution, attempt, sequence, List.of(events))));
  }

  private void end(ChatAnswer answer) {
    seen.addAll(streamed.end(answer));
  }

  private static ChatAnswer answer(String text, ToolCall... calls) {
    return new ChatAnswer(
        "m",
        text.isEmpty() ? List.of() : List.of(new TextContent(text)),
        "",
        List.of(calls),
        FinishReason.STOP,
        TokenUsage.unknown(),
        "");
  }

  private static ChatEvent text(String text) {
    return new ChatEvent.Content(text);
  }

  @Test
  void chunksInOrder_areTheEvents_andTheEndWaitsForTheAnswer() {
    chunk("a", 1, 0, STARTED, text("Hel"));
    chunk("a", 1, 1, text("lo"), DONE);
    assertThat(seen).containsExactly(STARTED, text("Hel"), text("lo"));

    end(answer("Hello"));
    assertThat(seen).endsWith(text("lo"), DONE).hasSize(4);
  }

  @Test
  void aChunkThatComesTwice_countsOnce() {
    chunk("a", 1, 0, STARTED, text("Hel"));
    chunk("a", 1, 0, STARTED, text("Hel"));
    chunk("a", 1, 1, text("lo"));
    end(answer("Hello"));

    assertThat(seen).containsExactly(STARTED, text("Hel"), text("lo"), DONE);
  }

  @Test
  void whatIsBehindAGap_comesWithTheAnswer() {
    chunk("a", 1, 0, STARTED, text("A "));
    chunk("a", 1, 2, text("fine "));
    chunk("a", 1, 3, text("day"));
    end(answer("A very fine day"));

    assertThat(seen).containsExactly(STARTED, text("A "), text("very fine day"), DONE);
  }

  @Test
  void whatWasPassedOver_comesWithTheAnswer() {
    chunk("a", 1, 0, STARTED, text("A "));
    streamed.skip(new ChatChunk("a", 1, 1, List.of(text("very "))));
    chunk("a", 1, 2, text("fine day"));
    end(answer("A very fine day"));

    assertThat(seen).containsExactly(STARTED, text("A "), text("very fine day"), DONE);
  }

  @Test
  void aLaterAttempt_voidsAnEarlierOne_whoseChunksThenCountNoMore() {
    chunk("b", 1, 0, STARTED, text("Once"));
    chunk("a", 2, 0, STARTED, text("Twice"));
    chunk("b", 1, 1, text(" upon"));
    end(answer("Twice"));

    assertThat(seen)
        .containsExactly(
            STARTED,
            text("Once"),
            new ChatEvent.AttemptAborted("b", "another attempt took its place"),
            STARTED,
            text("Twice"),
            DONE);
  }

  @Test
  void ofOneAttempt_theExecutionThatBeganLast_isFollowed() {
    chunk("b", 1, 0, STARTED, text("old"));
    chunk("c", 1, 0, STARTED, text("new"));
    chunk("a", 1, 0, STARTED, text("oldest"));
    end(answer("new"));

    assertThat(ChatReducer.answerOf(seen)).contains(answer("new"));
    assertThat(seen).doesNotContain(text("oldest"));
  }

  @Test
  void anAnswerOfAnotherAttempt_beginsAnew() {
    chunk("b", 2, 0, STARTED, text("Twice"));
    end(answer("Once"));

    assertThat(seen)
        .containsExactly(
            STARTED,
            text("Twice"),
            new ChatEvent.AttemptAborted("b", "the answer is another attempt's"),
            text("Once"),
            DONE);
  }

  @Test
  void withoutAnyChunk_theAnswerIsTheStream() {
    ToolCall call = new ToolCall("1", "weather", "{}");
    end(answer("Look:", call));

    assertThat(seen)
        .containsExactly(
            text("Look:"),
            new ChatEvent.ToolCallStart(0, "1", "weather"),
            new ChatEvent.ToolCallDelta(0, "{}"),
            new ChatEvent.ToolCallEnd(0),
            DONE);
  }

  @Test
  void aToolCallThatIsCutOff_beginsAnew() {
    chunk(
        "a",
        1,
        0,
        STARTED,
        new ChatEvent.ToolCallStart(0, "1", "weather"),
        new ChatEvent.ToolCallDelta(0, "{\"ci"));
    ToolCall call = new ToolCall("1", "weather", "{\"city\":\"Bergen\"}");
    end(answer("", call));

    assertThat(seen).anyMatch(ChatEvent.AttemptAborted.class::isInstance).endsWith(DONE);
    assertThat(ChatReducer.answerOf(seen).orElseThrow().toolCalls()).containsExactly(call);
  }

  @Test
  void whateverIsLostDoubledOrLate_theEventsMakeExactlyTheAnswer() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      StreamedAnswer any = new StreamedAnswer();
      List<ChatChunk> chunks = new ArrayList<>();
      for (int attempt = 1; attempt <= 3; attempt++) {
        int last = random.nextInt(6);
        for (int i = 0; i <= last; i++) {
          ChatEvent piece = text("abc".substring(random.nextInt(3)) + i);
          chunks.add(
              new ChatChunk(
                  "e" + random.nextInt(2),
                  attempt,
                  i,
                  i == 0 ? List.of(STARTED, piece) : List.of(piece)));
        }
      }
      IntStream.range(0, random.nextInt(chunks.size()))
          .forEach(_ -> chunks.remove(random.nextInt(chunks.size())));
      chunks.addAll(chunks.subList(0, random.nextInt(chunks.size() + 1)));
      Collections.shuffle(chunks, random);
      List<ChatEvent> events = new ArrayList<>();
      chunks.forEach(chunk -> events.addAll(any.add(chunk)));
      ChatAnswer answer = answer("abc0c1bc2", new ToolCall("1", "t", "{}"));
      events.addAll(any.end(answer));

      ChatAnswer folded = ChatReducer.answerOf(events).orElseThrow();
      assertThat(folded.text()).as("seed %d", seed).isEqualTo(answer.text());
      assertThat(folded.toolCalls()).as("seed %d", seed).isEqualTo(answer.toolCalls());
    }
  }
}
