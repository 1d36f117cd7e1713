package io.ratatoskr.client;

import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatChunk;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatReducer;
import io.ratatoskr.schemas.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes one stream of events of the chunks that executions wrote and of the whole answer that comes
 * last. Whatever is lost, doubled or written by an execution that died half way, the events end
 * with exactly the answer.
 *
 * <p>Executions are followed in the order of their attempts, and of their ids within one, which are
 * UUIDs of version 7: a later one voids what an earlier one wrote. A gap in an execution's chunks
 * hides what comes after it; the answer fills it. Not for several threads at once.
 */
final class StreamedAnswer {
  private static final String SUPERSEDED = "another attempt took its place";
  private static final String DIFFERS = "the answer is another attempt's";

  private ChatReducer shown = new ChatReducer();
  private String execution = "";
  private int attempt;
  private int next;
  private boolean gap;
  private boolean begun;

  /** The events that a chunk adds; none where it is old, doubled or behind a gap. */
  List<ChatEvent> add(ChatChunk chunk) {
    List<ChatEvent> events = new ArrayList<>();
    if (isLater(chunk)) {
      restart(SUPERSEDED, events);
      execution = chunk.execution();
      attempt = chunk.attempt();
      next = 0;
      gap = false;
    } else if (chunk.attempt() != attempt || !chunk.execution().equals(execution)) {
      return events;
    }
    if (gap || chunk.sequence() < next) {
      return events;
    }
    if (chunk.sequence() > next) {
      gap = true;
      return events;
    }
    next++;
    for (ChatEvent event : chunk.events()) {
      // The end waits for the answer, which may hold more than was seen.
      if (!(event instanceof ChatEvent.Done)) {
        show(event, events);
      }
    }
    return events;
  }

  /** Passes over a chunk that its reader has no room for: as if it were lost. */
  void skip(ChatChunk chunk) {
    if (chunk.attempt() == attempt && chunk.execution().equals(execution)) {
      gap = true;
    }
  }

  private boolean isLater(ChatChunk chunk) {
    return chunk.attempt() > attempt
        || (chunk.attempt() == attempt && chunk.execution().compareTo(execution) > 0);
  }

  /** The events that are missing when the answer is there, with {@link ChatEvent.Done} last. */
  List<ChatEvent> end(ChatAnswer answer) {
    List<ChatEvent> events = new ArrayList<>();
    if (!leadsTo(answer)) {
      restart(DIFFERS, events);
    }
    rest(shown.reasoning(), answer.reasoning())
        .ifPresent(text -> events.add(new ChatEvent.Reasoning(text)));
    rest(shown.text(), answer.text()).ifPresent(text -> events.add(new ChatEvent.Content(text)));
    List<ToolCall> calls = answer.toolCalls();
    for (int i = shown.toolCalls().size(); i < calls.size(); i++) {
      ToolCall call = calls.get(i);
      events.add(new ChatEvent.ToolCallStart(i, call.id(), call.name()));
      events.add(new ChatEvent.ToolCallDelta(i, call.arguments()));
      events.add(new ChatEvent.ToolCallEnd(i));
    }
    if (!shown.usage().equals(answer.usage())) {
      events.add(new ChatEvent.Usage(answer.usage()));
    }
    events.add(new ChatEvent.Done(answer.finishReason(), answer.continuation()));
    // A long answer is not held twice.
    shown = new ChatReducer();
    return events;
  }

  /** Whether what was shown is the beginning of the answer, up to the end of a piece. */
  private boolean leadsTo(ChatAnswer answer) {
    List<ToolCall> calls = shown.toolCalls();
    return answer.reasoning().startsWith(shown.reasoning())
        && answer.text().startsWith(shown.text())
        && !shown.isCalling()
        && calls.size() <= answer.toolCalls().size()
        && calls.equals(answer.toolCalls().subList(0, calls.size()));
  }

  private static Optional<String> rest(String shown, String whole) {
    return shown.length() < whole.length()
        ? Optional.of(whole.substring(shown.length()))
        : Optional.empty();
  }

  private void restart(String reason, List<ChatEvent> events) {
    if (begun) {
      show(new ChatEvent.AttemptAborted(execution, reason), events);
      begun = false;
    }
  }

  private void show(ChatEvent event, List<ChatEvent> events) {
    shown.add(event);
    begun = true;
    events.add(event);
  }
}
