package io.ratatoskr.bulk;

import io.ratatoskr.client.ClassifyRequest;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.PairTruncation;
import java.util.List;
import java.util.Optional;

/** What a job asks about each line, and with which model. */
public sealed interface JobKind {

  /** Model to ask for. */
  String model();

  /**
   * The vector of a text.
   *
   * @param inputType whether the texts are documents or queries
   * @param truncation what happens to texts above the model's limit
   */
  record Embed(String model, EmbedRequest.InputType inputType, EmbedRequest.Truncation truncation)
      implements JobKind {
    public Embed {
      check(model, "all-minilm-l6-v2");
    }

    /** Documents, an error line for texts that are too long. */
    public static Embed of(String model) {
      return new Embed(model, EmbedRequest.InputType.DOCUMENT, EmbedRequest.Truncation.ERROR);
    }
  }

  /**
   * What a premise says of a hypothesis.
   *
   * @param truncation what happens to pairs above the model's limit
   */
  record Nli(String model, PairTruncation truncation) implements JobKind {
    public Nli {
      check(model, "nli-minilm-l6");
    }

    /** An error line for pairs that are too long. */
    public static Nli of(String model) {
      return new Nli(model, PairTruncation.ERROR);
    }
  }

  /**
   * How well labels fit a text.
   *
   * @param labels 1 to 1,024 labels, each once
   * @param template the hypothesis, with <code>{}</code> where the label goes
   * @param multiLabel whether each label is judged by itself
   * @param truncation what happens to texts that are, with a label, above the model's limit
   */
  record Classify(
      String model,
      List<String> labels,
      String template,
      boolean multiLabel,
      PairTruncation truncation)
      implements JobKind {
    public Classify {
      labels = List.copyOf(labels);
      // What a request could not be made of is refused here, before the job begins.
      var _ =
          ClassifyRequest.of(model, "text", labels)
              .withTemplate(template)
              .withMultiLabel(multiLabel);
    }

    /** One label a text, the default template, an error line for texts that are too long. */
    public static Classify of(String model, List<String> labels) {
      return new Classify(
          model, labels, ClassifyRequest.DEFAULT_TEMPLATE, false, PairTruncation.ERROR);
    }
  }

  /**
   * Where a text stands towards a target.
   *
   * @param target the target of every line; without it each line has its own
   * @param truncation what happens to texts that are, with their target, above the model's limit
   */
  record Stance(String model, Optional<String> target, PairTruncation truncation)
      implements JobKind {
    public Stance {
      check(model, "nli-minilm-l6");
      if (target.isPresent() && target.get().isBlank()) {
        throw new IllegalArgumentException("target: must not be empty");
      }
    }

    /** A target in each line, an error line for texts that are too long. */
    public static Stance of(String model) {
      return new Stance(model, Optional.empty(), PairTruncation.ERROR);
    }
  }

  private static void check(String model, String example) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: name one, such as " + example);
    }
  }
}
