package io.ratatoskr.tokenize;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tokenizer that is loaded when it is first asked for, once. */
final class Loaded implements Supplier<Tokenizer>, AutoCloseable {
  private final Supplier<? extends Tokenizer> loader;
  private @Nullable Tokenizer tokenizer;
  private boolean closed;

  Loaded(Supplier<? extends Tokenizer> loader) {
    this.loader = loader;
  }

  @Override
  public synchronized Tokenizer get() {
    if (closed) {
      throw new IllegalStateException("The registry of this tokenizer is closed.");
    }
    if (tokenizer == null) {
      tokenizer = loader.get();
    }
    return tokenizer;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (tokenizer instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("A tokenizer cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
