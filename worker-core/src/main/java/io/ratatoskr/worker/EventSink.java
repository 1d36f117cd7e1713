package io.ratatoskr.worker;

import io.ratatoskr.schemas.chat.ChatEvent;

/**
 * Takes the events of a streamed answer, in their order and from one thread at a time. The whole
 * answer is the run's outcome nevertheless; what comes after that is dropped.
 */
public interface EventSink {

  /** Whether the answer is wanted piece by piece; where not, events go nowhere. */
  boolean isWanted();

  /** Takes the next event; may block while Kafka takes nothing, for some seconds. */
  void accept(ChatEvent event);

  /** The sink of an answer that is wanted as a whole alone. */
  static EventSink unwanted() {
    return UnwantedEvents.NOWHERE;
  }
}
