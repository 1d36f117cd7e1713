package io.ratatoskr.launcher.ask;

import io.ratatoskr.bulk.ClassifyJob;
import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.client.ClassifyReply;
import io.ratatoskr.client.ClassifyRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Classifies texts by labels of the user's choice. */
@Command(
    name = "classify",
    description = {
      "Say which of your labels fit: the texts of a file, or one TEXT.",
      "",
      LineCommand.IN_THIS_PROCESS,
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class ClassifyCommand extends JudgeCommand {
  @Parameters(arity = "0..1", paramLabel = "TEXT", description = "One text to classify.")
  private @Nullable String text;

  @Option(
      names = "--labels",
      order = WHAT,
      required = true,
      paramLabel = "LABEL",
      split = ",",
      description =
          "Labels to choose from, separated by commas; at most 256 unless the worker's"
              + " nli.max-labels says more.")
  private List<String> labels = List.of();

  @Option(
      names = "--template",
      order = WHAT,
      paramLabel = "TEXT",
      defaultValue = ClassifyRequest.DEFAULT_TEMPLATE,
      description = "The hypothesis, with {} where the label goes. Default: ${DEFAULT-VALUE}")
  private String template = "";

  @Option(
      names = "--multi-label",
      order = WHAT,
      description = "Judge each label by itself; else the scores of a text add up to 1.")
  private boolean multiLabel;

  @Mixin private TextField textField = new TextField();

  @Override
  public ItemForm<ClassifyReply, ClassifyReply.Scored> form() {
    return new ItemForm<>(
        ClassifyReply.class,
        ClassifyReply.Scored.class,
        (scored, reply, out, json) -> judgement(scored, reply.model()).print(out, json));
  }

  @Override
  JobKind kind() {
    List<String> stripped = labels.stream().map(String::strip).toList();
    return new ClassifyJob(modelId(), stripped, template, multiLabel, truncation());
  }

  @Override
  List<String> fields() {
    return List.of(textField.name());
  }

  @Override
  String oneThing() {
    return "a TEXT";
  }

  @Override
  boolean asksOne() {
    return text != null;
  }

  @Override
  void one(Ratatoskr ratatoskr, RequestOptions options) throws InterruptedException {
    ClassifyJob kind = (ClassifyJob) kind();
    ClassifyReply reply =
        Futures.await(
            ratatoskr.classify(
                new ClassifyRequest(
                    kind.model(),
                    List.of(String.valueOf(text)),
                    kind.labels(),
                    template,
                    multiLabel,
                    kind.truncation(),
                    options)));
    print(reply);
  }

  /** Which label a text has, as that model says. */
  private static JudgedAnswer judgement(ClassifyReply.Scored scored, String model) {
    ObjectNode row =
        JudgedAnswer.labelled(scored.top().label()).put("score", (float) scored.top().score());
    ArrayNode names = row.putArray("labels");
    ArrayNode scores = row.putArray("scores");
    for (ClassifyReply.LabelScore score : scored.scores()) {
      names.add(score.label());
      scores.add((float) score.score());
    }
    return JudgedAnswer.of(
        scored.top().label(),
        scored.ranked().stream()
            .map(score -> new ScoreTable.Score(score.label(), score.score()))
            .toList(),
        row,
        model,
        scored.truncated());
  }
}
