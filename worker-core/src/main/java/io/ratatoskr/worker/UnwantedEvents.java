package io.ratatoskr.worker;

import io.ratatoskr.schemas.chat.ChatEvent;

/** The sink of an answer that is wanted as a whole alone. */
enum UnwantedEvents implements EventSink {
  NOWHERE;

  @Override
  public boolean isWanted() {
    return false;
  }

  @Override
  public void accept(ChatEvent event) {
    // Nobody listens.
  }
}
