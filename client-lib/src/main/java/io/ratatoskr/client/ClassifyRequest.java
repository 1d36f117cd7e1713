package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.PairTruncation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Texts to classify by labels of the caller's choice.
 *
 * @param model id of the model
 * @param texts 1 to 256 texts; an empty one fails by itself with {@code InvalidInput}
 * @param labels 1 to 1,024 labels, each once
 * @param template the hypothesis, with <code>{}</code> where the label goes
 * @param multiLabel whether each label is judged by itself; else the scores of a text's labels add
 *     up to 1
 * @param truncation what to do with a text that is, with a label, above the model's limit
 * @param options how the request travels
 */
public record ClassifyRequest(
    String model,
    List<String> texts,
    List<String> labels,
    String template,
    boolean multiLabel,
    PairTruncation truncation,
    RequestOptions options)
    implements Request<ClassifyReply> {

  /** Where the label goes in a template. */
  public static final String PLACEHOLDER = "{}";

  /** The hypothesis unless another is given. */
  public static final String DEFAULT_TEMPLATE = "This text is about {}.";

  public ClassifyRequest {
    texts = List.copyOf(texts);
    labels = List.copyOf(labels);
    Exchange.check(model, "nli-minilm-l6", "texts", texts);
    if (labels.isEmpty() || labels.size() > Limits.LABELS) {
      throw new IllegalArgumentException(
          "labels: 1 to " + Limits.LABELS + " in one request, not " + labels.size());
    }
    Set<String> known = new HashSet<>();
    for (String label : labels) {
      if (label.isBlank()) {
        throw new IllegalArgumentException("labels: one is empty");
      }
      if (!known.add(label)) {
        throw new IllegalArgumentException("labels: \"" + label + "\" is given twice");
      }
    }
    if (!template.contains(PLACEHOLDER)) {
      throw new IllegalArgumentException(
          "template: has no {} where the label goes, such as in \"" + DEFAULT_TEMPLATE + "\"");
    }
  }

  /** One label a text, the default template, an error for what is too long, default options. */
  public static ClassifyRequest of(String model, String text, List<String> labels) {
    return of(model, List.of(text), labels);
  }

  /** One label a text, the default template, an error for what is too long, default options. */
  public static ClassifyRequest of(String model, List<String> texts, List<String> labels) {
    return new ClassifyRequest(
        model,
        texts,
        labels,
        DEFAULT_TEMPLATE,
        false,
        PairTruncation.ERROR,
        RequestOptions.defaults());
  }

  public ClassifyRequest withTemplate(String newTemplate) {
    return new ClassifyRequest(model, texts, labels, newTemplate, multiLabel, truncation, options);
  }

  public ClassifyRequest withMultiLabel(boolean newMultiLabel) {
    return new ClassifyRequest(model, texts, labels, template, newMultiLabel, truncation, options);
  }

  public ClassifyRequest withTruncation(PairTruncation newTruncation) {
    return new ClassifyRequest(model, texts, labels, template, multiLabel, newTruncation, options);
  }

  public ClassifyRequest withOptions(RequestOptions newOptions) {
    return new ClassifyRequest(model, texts, labels, template, multiLabel, truncation, newOptions);
  }

  @Override
  public Capability capability() {
    return Capability.CLASSIFY;
  }
}
