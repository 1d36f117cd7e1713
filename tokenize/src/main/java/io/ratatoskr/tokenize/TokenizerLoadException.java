package io.ratatoskr.tokenize;

import org.jspecify.annotations.Nullable;

/** A tokenizer cannot be read; the message names the file and what is wrong with it. */
public final class TokenizerLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerLoadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
