package io.ratatoskr.client;

/** What becomes of a request whose client is lost: killed, or cut off from Kafka. */
public enum OnClientLoss {
  /** It goes on; its reply waits for whoever has the handle. */
  CONTINUE,

  /**
   * It is cancelled when the client has not been heard of for {@code client.lease}; the client says
   * that it lives while it waits for the reply.
   */
  CANCEL
}
