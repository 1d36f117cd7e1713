package io.ratatoskr.client;

/** The reply to a request, whatever was asked. */
public sealed interface Reply permits BatchReply, ChatResult {

  /** Who answered. */
  Provenance provenance();
}
