package io.ratatoskr.tokenize;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tokenizer that {@link Tokenizers} found for a model. The vocabulary is read with the first
 * text.
 *
 * <p>Safe for many threads.
 */
public final class ModelTokenizer implements Tokenizer {
  private final String name;
  private final Optional<String> approximation;
  private final Supplier<Tokenizer> loaded;

  ModelTokenizer(String name, Optional<String> approximation, Supplier<Tokenizer> loaded) {
    this.name = name;
    this.approximation = approximation;
    this.loaded = loaded;
  }

  /** The tokenizer that counts, such as {@code o200k_base}. */
  public String name() {
    return name;
  }

  /** Whether another tokenizer than the model's own counts. */
  public boolean approximate() {
    return approximation.isPresent();
  }

  /** For an approximate tokenizer: why, and how far off its counts are known to be. */
  public Optional<String> approximation() {
    return approximation;
  }

  /**
   * {@inheritDoc}
   *
   * @throws TokenizerLoadException when the vocabulary cannot be read
   */
  @Override
  public int count(String text) {
    return loaded.get().count(text);
  }

  /**
   * {@inheritDoc}
   *
   * @throws TokenizerLoadException when the vocabulary cannot be read
   */
  @Override
  public List<Token> tokenize(String text) {
    return loaded.get().tokenize(text);
  }
}
