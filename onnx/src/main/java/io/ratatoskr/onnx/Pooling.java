package io.ratatoskr.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The way from the token vectors of a text to one vector. */
public sealed interface Pooling {

  /** The graph pools by itself: its output has one vector a text. */
  record Graph() implements Pooling {}

  /**
   * The token vectors of the graph are pooled here, special tokens included and padding not.
   *
   * @param modes one or more, none twice; of several the results stand one after another, in this
   *     order
   */
  record Tokens(List<Mode> modes) implements Pooling {
    public Tokens {
      modes = List.copyOf(modes);
      if (modes.isEmpty() || modes.stream().distinct().count() != modes.size()) {
        throw new IllegalArgumentException(
            "pooling: one or more different modes, not " + modes + ".");
      }
    }
  }

  /**
   * One way to pool <i>n</i> token vectors, named as in sentence-transformers. In the order in
   * which several stand in a vector there.
   */
  enum Mode {
    /** The vector of the first token. */
    CLS("cls", "cls_token"),
    /** The highest number in each dimension. */
    MAX("max", "max_tokens"),
    /** The sum over <i>n</i>. */
    MEAN("mean", "mean_tokens"),
    /** The sum over the square root of <i>n</i>. */
    MEAN_SQRT_LEN("mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
    /** The mean in which the first token weighs 1, the second 2, and so on. */
    WEIGHTED_MEAN("weightedmean", "weightedmean_tokens"),
    /** The vector of the last token. */
    LAST_TOKEN("lasttoken", "lasttoken");

    private final String key;
    private final String flag;

    Mode(String key, String flag) {
      this.key = key;
      this.flag = "pooling_mode_" + flag;
    }

    /** Its name in {@code model.toml} and in {@code pooling_mode} of sentence-transformers. */
    String key() {
      return key;
    }

    /** Its name where each mode has a flag of its own. */
    String flag() {
      return flag;
    }

    static Optional<Mode> of(String key) {
      return Arrays.stream(values()).filter(mode -> mode.key.equals(key)).findFirst();
    }

    static List<String> keys() {
      return Arrays.stream(values()).map(Mode::key).toList();
    }
  }

  /** Pooling by these modes. */
  static Pooling of(Mode... modes) {
    return new Tokens(List.of(modes));
  }

  /** The name by which vector spaces are told apart: {@code graph}, {@code mean}, ... */
  default String key() {
    return switch (this) {
      case Graph graph -> "graph";
      case Tokens tokens -> tokens.modes().stream().map(Mode::key).collect(Collectors.joining("+"));
    };
  }

  /**
   * Length of a pooled vector.
   *
   * @param width numbers that the graph gives for a token, or for a text where it pools by itself
   */
  default int dimensions(int width) {
    return switch (this) {
      case Graph graph -> width;
      case Tokens tokens -> Math.multiplyExact(width, tokens.modes().size());
    };
  }
}
