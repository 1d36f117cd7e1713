package io.ratatoskr.onnx;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Maps the logits of an NLI model to its labels. Models order them differently, so this comes from
 * the model's own label map and is never assumed.
 *
 * @param entailment position of the logit
 * @param neutral position of the logit; empty in a model of two classes
 * @param contradiction position of the logit; in a model of two classes that of the other one,
 *     usually called not_entailment
 */
public record NliLabels(int entailment, OptionalInt neutral, int contradiction) {
  private static final String ENTAILMENT = "entailment";
  private static final String NEUTRAL = "neutral";
  private static final String CONTRADICTION = "contradiction";
  private static final String NOT_ENTAILMENT = "not_entailment";

  public NliLabels {
    int classes = neutral.isPresent() ? 3 : 2;
    int third = neutral.orElse(2);
    boolean each = entailment != contradiction && entailment != third && contradiction != third;
    if (!each || !in(entailment, classes) || !in(contradiction, classes) || !in(third, 3)) {
      throw new IllegalArgumentException(
          "Labels must have the numbers 0 to %d, each once.".formatted(classes - 1));
    }
  }

  private static boolean in(int position, int classes) {
    return position >= 0 && position < classes;
  }

  /** How many logits the model gives. */
  public int classes() {
    return neutral.isPresent() ? 3 : 2;
  }

  /**
   * Reads a label map; case does not matter, nor whether words are joined by a space, a hyphen or
   * an underscore.
   *
   * @return empty where these are not the classes of NLI, each once
   */
  static Optional<NliLabels> of(Map<String, Integer> positions) {
    Map<String, Integer> named = new TreeMap<>();
    positions.forEach((name, position) ->
        named.put(name.strip().toLowerCase(Locale.ROOT).replaceAll("[ -]", "_"), position));
    Integer entailment = named.remove(ENTAILMENT);
    Integer neutral = named.remove(NEUTRAL);
    Integer contradiction = named.remove(CONTRADICTION);
    if (contradiction == null && neutral == null) {
      contradiction = named.remove(NOT_ENTAILMENT);
    }
    if (entailment == null || contradiction == null || !named.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new NliLabels(
              entailment,
              neutral == null ? OptionalInt.empty() : OptionalInt.of(neutral),
              contradiction));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    Map<Integer, String> names = new TreeMap<>();
    names.put(entailment, ENTAILMENT);
    names.put(contradiction, neutral.isPresent() ? CONTRADICTION : NOT_ENTAILMENT);
    neutral.ifPresent(position -> names.put(position, NEUTRAL));
    return String.join(", ", names.values());
  }
}
