package io.ratatoskr.tokenize;

import com.knuddels.jtokkit.api.EncodingType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Tokenizers by the names of models.
 *
 * <p>A model's name, in lower case, is looked up exactly; then by the longest registered name that
 * it begins with ({@code gpt-4o-mini} finds {@code gpt-4o}); then without what stands before its
 * last slash ({@code openai/gpt-4o}). What is found is a tokenizer, an alias of another name, or an
 * approximation by another name, at most {@value #MAX_STEPS} steps from a tokenizer.
 *
 * <p>Safe for many threads. A vocabulary is read once, when the first text needs it; {@link #close}
 * frees those that hold native memory.
 */
public final class Tokenizers implements AutoCloseable {
  /** Steps from a name to its tokenizer. */
  static final int MAX_STEPS = 16;

  private final ConcurrentSkipListMap<String, Registration> registrations =
      new ConcurrentSkipListMap<>();

  /** Somebody may still be counting with them. */
  private final List<Loaded> replacedTokenizers = new ArrayList<>();

  private Tokenizers() {}

  /** Knows nothing yet. */
  public static Tokenizers empty() {
    return new Tokenizers();
  }

  /** Knows the encodings of OpenAI's models, and the families of {@code docs/tokens.md}. */
  public static Tokenizers standard() {
    Tokenizers tokenizers = new Tokenizers();
    for (EncodingType type :
        List.of(EncodingType.O200K_BASE, EncodingType.CL100K_BASE, EncodingType.R50K_BASE)) {
      tokenizers.register(type.getName(), () -> BytePairTokenizer.load(type));
    }
    for (Family family : Family.ALL) {
      family.registerWith(tokenizers);
    }
    return tokenizers;
  }

  /**
   * Registers a tokenizer, in place of what had the name before.
   *
   * @param name of a model, or what a family of models begins with; case does not matter
   * @param loader called once, when the first text needs it, and again if it threw; what it gives
   *     is closed with this registry if it is {@link AutoCloseable}
   */
  public Tokenizers register(String name, Supplier<? extends Tokenizer> loader) {
    return put(name, new Registration.Own(new Loaded(loader)));
  }

  /** Registers the tokenizer in a {@code tokenizer.json}, read when the first text needs it. */
  public Tokenizers register(String name, Path tokenizerJson) {
    return register(name, () -> TokenizerJson.load(tokenizerJson));
  }

  /**
   * Registers another name of a tokenizer, which may be registered later.
   *
   * @throws TokenizerAliasException when the names would stand for each other in a circle
   */
  public Tokenizers alias(String name, String of) {
    return put(name, new Registration.Alias(key(of)));
  }

  /**
   * Registers a tokenizer that stands in for one that is not to be had.
   *
   * @param by the name of the one that counts in its place
   * @param note why, and how far off its counts are known to be
   * @throws TokenizerAliasException when the names would stand for each other in a circle
   */
  public Tokenizers approximate(String name, String by, String note) {
    return put(name, new Registration.Approximation(key(by), note));
  }

  private synchronized Tokenizers put(String name, Registration registration) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A tokenizer needs a name.");
    }
    String key = key(name);
    refuseCircle(key, registration);
    if (registrations.put(key, registration) instanceof Registration.Own replaced) {
      replacedTokenizers.add(replaced.tokenizer());
    }
    return this;
  }

  private void refuseCircle(String key, Registration registration) {
    Registration at = registration;
    for (int steps = 0; steps <= MAX_STEPS; steps++) {
      String next =
          switch (at) {
            case Registration.Own _ -> null;
            case Registration.Alias alias -> alias.of();
            case Registration.Approximation approximation -> approximation.by();
          };
      Registration found = next == null ? null : registrations.get(next);
      if (key.equals(next)) {
        throw new TokenizerAliasException(
            "\"%s\" would stand for itself: name a tokenizer that does not lead back to it."
                .formatted(key));
      }
      if (found == null) {
        return;
      }
      at = found;
    }
  }

  /**
   * The tokenizer for a model.
   *
   * @throws UnknownTokenizerException when no registered name fits; the message has them all
   * @throws TokenizerAliasException when the name found leads nowhere, or not within {@value
   *     #MAX_STEPS} steps
   */
  public ModelTokenizer of(String model) {
    String key = key(model);
    return find(key)
        .or(() -> find(key.substring(key.lastIndexOf('/') + 1)))
        .map(this::resolve)
        .orElseThrow(() -> new UnknownTokenizerException(model, names()));
  }

  /** The registered name that is, or begins, this one. */
  private Optional<String> find(String key) {
    if (registrations.containsKey(key)) {
      return Optional.of(key);
    }
    return registrations.headMap(key).descendingKeySet().stream()
        .filter(key::startsWith)
        .findFirst();
  }

  private ModelTokenizer resolve(String name) {
    Optional<String> approximation = Optional.empty();
    String at = name;
    for (int steps = 0; steps <= MAX_STEPS; steps++) {
      switch (registrations.get(at)) {
        case null ->
            throw new TokenizerAliasException(
                "\"%s\" stands for \"%s\", for which no tokenizer is registered."
                    .formatted(name, at));
        case Registration.Own own -> {
          return new ModelTokenizer(at, approximation, own.tokenizer());
        }
        case Registration.Alias alias -> at = alias.of();
        case Registration.Approximation by -> {
          approximation = approximation.or(() -> Optional.of(by.note()));
          at = by.by();
        }
      }
    }
    throw new TokenizerAliasException(
        "\"%s\" is more than %d names away from a tokenizer.".formatted(name, MAX_STEPS));
  }

  /** Every registered name, in alphabetical order, in lower case. */
  public List<String> names() {
    return List.copyOf(registrations.keySet());
  }

  private static String key(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public synchronized void close() {
    replacedTokenizers.forEach(Loaded::close);
    for (Registration registration : registrations.values()) {
      if (registration instanceof Registration.Own own) {
        own.tokenizer().close();
      }
    }
  }
}
