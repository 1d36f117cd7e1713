package io.ratatoskr.client;

/** The client was closed while the call was pending; whether it was carried out is not known. */
public final class ClientClosedException extends RatatoskrException {
  public ClientClosedException() {
    super("the client was closed before the reply came", null);
  }
}
