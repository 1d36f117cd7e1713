package io.ratatoskr.schemas.chat;

import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Chunk;
import java.util.List;

/**
 * A part of a streamed answer, on its way to the inbox of its waiter before the terminal reply.
 *
 * @param execution id of the run that made it
 * @param attempt attempt that the run belongs to, from 1
 * @param sequence number of the chunk within its execution, from 0 without gaps
 * @param events what happened, in order; at least one
 */
public record ChatChunk(String execution, int attempt, int sequence, List<ChatEvent> events) {
  /** Header of a record of the replies topic that says what it is; without it, it is terminal. */
  public static final String KIND_HEADER = Envelope.KIND;

  /** The value of {@link #KIND_HEADER} on chunks. */
  public static final String KIND = "chunk";

  public ChatChunk {
    events = List.copyOf(events);
    if (execution.isBlank()) {
      throw new IllegalArgumentException("execution: is empty");
    }
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: counts from 1, is " + attempt);
    }
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence: counts from 0, is " + sequence);
    }
    if (events.isEmpty()) {
      throw new IllegalArgumentException("events: at least one");
    }
  }

  /** The chunk as it travels. */
  public Chunk toWire() {
    return new Chunk(
        execution, attempt, sequence, events.stream().map(WireEvents::toWire).toList());
  }

  /**
   * The chunk that a record holds.
   *
   * @throws UndecodableRecordException if it holds what neither worker nor router writes
   */
  public static ChatChunk ofWire(Chunk record) {
    try {
      return new ChatChunk(
          record.getExecution(),
          record.getAttempt(),
          record.getSequence(),
          record.getEvents().stream().map(WireEvents::ofWire).toList());
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("this is no chunk: " + e.getMessage(), e);
    }
  }
}
