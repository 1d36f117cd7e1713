package io.ratatoskr.schemas.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folds the events of a stream into its answer. It knows neither clock nor network: the same events
 * give the same answer. Not for several threads at once.
 */
public final class ChatReducer {
  private String model = "";
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<OpenCall> calls = new ArrayList<>();
  private TokenUsage usage = TokenUsage.unknown();
  private ChatEvent.@Nullable Done done;

  /** A tool call whose arguments arrive. */
  private static final class OpenCall {
    private final String id;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();
    private boolean ended;

    OpenCall(String id, String name) {
      this.id = id;
      this.name = name;
    }

    ToolCall call() {
      return new ToolCall(id, name, arguments.toString());
    }
  }

  /** The answer of a whole stream; empty where its {@link ChatEvent.Done} is missing. */
  public static Optional<ChatAnswer> answerOf(Iterable<ChatEvent> events) {
    ChatReducer reducer = new ChatReducer();
    events.forEach(reducer::add);
    return reducer.answer();
  }

  /**
   * Takes the next event.
   *
   * @throws IllegalArgumentException if it cannot follow those before: a piece of a tool call that
   *     has not started or has ended, a call out of its turn, or anything but {@link
   *     ChatEvent.AttemptAborted} after {@link ChatEvent.Done}
   */
  public void add(ChatEvent event) {
    if (done != null && !(event instanceof ChatEvent.AttemptAborted)) {
      throw new IllegalArgumentException(event + " after the answer was complete");
    }
    if (event instanceof ChatEvent.Content piece) {
      content.append(piece.text());
    } else if (event instanceof ChatEvent.Reasoning piece) {
      reasoning.append(piece.text());
    } else if (event instanceof ChatEvent.Started started) {
      model = started.model();
    } else if (event instanceof ChatEvent.ToolCallStart start) {
      start(start);
    } else if (event instanceof ChatEvent.ToolCallDelta delta) {
      open(delta, delta.index()).arguments.append(delta.arguments());
    } else if (event instanceof ChatEvent.ToolCallEnd end) {
      open(end, end.index()).ended = true;
    } else if (event instanceof ChatEvent.Usage counted) {
      usage = counted.tokens();
    } else if (event instanceof ChatEvent.AttemptAborted) {
      clear();
    } else {
      done = (ChatEvent.Done) event;
    }
  }

  private void start(ChatEvent.ToolCallStart start) {
    if (start.index() != calls.size()) {
      throw new IllegalArgumentException(start + " is not number " + calls.size());
    }
    calls.add(new OpenCall(start.id(), start.name()));
  }

  private OpenCall open(ChatEvent event, int index) {
    if (index < 0 || index >= calls.size() || calls.get(index).ended) {
      throw new IllegalArgumentException(event + " belongs to no tool call under way");
    }
    return calls.get(index);
  }

  private void clear() {
    model = "";
    content.setLength(0);
    reasoning.setLength(0);
    calls.clear();
    usage = TokenUsage.unknown();
    done = null;
  }

  /** The reasoning so far. */
  public String reasoning() {
    return reasoning.toString();
  }

  /** Whether a tool call has begun and not ended. */
  public boolean isCalling() {
    return calls.stream().anyMatch(call -> !call.ended);
  }

  /** Tokens, as far as they were counted. */
  public TokenUsage usage() {
    return usage;
  }

  /** The text of the answer so far. */
  public String text() {
    return content.toString();
  }

  /** The tool calls so far, the arguments of the last ones perhaps in part. */
  public List<ToolCall> toolCalls() {
    return calls.stream().map(OpenCall::call).toList();
  }

  /** The answer, once it is complete. */
  public Optional<ChatAnswer> answer() {
    ChatEvent.Done last = done;
    return last == null
        ? Optional.empty()
        : Optional.of(
            new ChatAnswer(
                model,
                TextContent.ofAnswer(content.toString()),
                reasoning.toString(),
                toolCalls(),
                last.finishReason(),
                usage,
                last.continuation()));
  }
}
