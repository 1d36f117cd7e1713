package io.ratatoskr.schemas.judge;

import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.Text;
import java.util.HashSet;
import java.util.List;

/**
 * The texts and labels of a classify request.
 *
 * @param texts in the order of the request's items; may be empty
 * @param labels to choose from, each once, at least one
 * @param hypotheses what each label says of a text, in the order of the labels
 * @param multiLabel whether each label is judged by itself
 */
public record Labelling(
    List<String> texts, List<String> labels, List<String> hypotheses, boolean multiLabel) {

  /** Where the label goes in a template. */
  public static final String PLACE = "{}";

  /** Keeps copies. */
  public Labelling {
    texts = List.copyOf(texts);
    labels = List.copyOf(labels);
    hypotheses = List.copyOf(hypotheses);
  }

  /**
   * Those of that record.
   *
   * @throws IllegalArgumentException if labels are missing, empty or twice there, or the template
   *     has no place for them; the message is for the request's sender
   */
  public static Labelling of(ClassifyRequest request) {
    List<String> labels = request.getLabels();
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("A request needs a label at least.");
    }
    if (labels.stream().anyMatch(String::isBlank) || new HashSet<>(labels).size() < labels.size()) {
      throw new IllegalArgumentException("Each label must be there once, and none be empty.");
    }
    String template = request.getTemplate();
    if (!template.contains(PLACE)) {
      throw new IllegalArgumentException(
          "The template must have %s where the label goes, and is \"%s\"."
              .formatted(PLACE, template));
    }
    return new Labelling(
        request.getItems().stream().map(item -> ((Text) item.getContent()).getText()).toList(),
        labels,
        labels.stream().map(label -> hypothesis(template, label)).toList(),
        request.getMultiLabel());
  }

  /** The hypothesis that a label makes. */
  public static String hypothesis(String template, String label) {
    return template.replace(PLACE, label);
  }
}
