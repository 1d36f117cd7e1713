package io.ratatoskr.tokenize;

import java.util.List;

/**
 * Cuts a text into the tokens of a model. Special tokens that a model adds around a text, such as
 * {@code [CLS]}, and the frame that a chat puts around each message are not part of the text and
 * not counted.
 *
 * <p>A lone surrogate has no UTF-8 form; it is read as U+FFFD, in the offsets too.
 *
 * <p>Implementations are safe for many threads.
 */
public interface Tokenizer {

  /** How many tokens the text has; 0 for the empty one. */
  int count(String text);

  /** The tokens in order of the text; as many as {@link #count} says. */
  List<Token> tokenize(String text);
}
