package io.ratatoskr.tokenize;

/** Names of tokenizers that stand for one another without an end, or for none. */
public final class TokenizerAliasException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerAliasException(String message) {
    super(message);
  }
}
