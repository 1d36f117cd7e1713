package io.ratatoskr.launcher.ask;

import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.bulk.NliJob;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Judges pairs of texts. */
@Command(
    name = "nli",
    description = {
      "Say whether hypotheses follow from premises: of a file of pairs, or of one pair.",
      "",
      LineCommand.IN_THIS_PROCESS,
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class NliCommand extends JudgeCommand {
  @Option(names = "--premise", order = WHAT, paramLabel = "TEXT", description = "What is given.")
  private @Nullable String premise;

  @Option(
      names = "--hypothesis",
      order = WHAT,
      paramLabel = "TEXT",
      description = "What may follow from it.")
  private @Nullable String hypothesis;

  @Option(
      names = "--premise-field",
      paramLabel = "NAME",
      defaultValue = "premise",
      description = "Field or column with the premise. Default: ${DEFAULT-VALUE}")
  private String premiseField = "";

  @Option(
      names = "--hypothesis-field",
      paramLabel = "NAME",
      defaultValue = "hypothesis",
      description = "Field or column with the hypothesis. Default: ${DEFAULT-VALUE}")
  private String hypothesisField = "";

  @Override
  public ItemForm<NliReply, NliReply.Scored> form() {
    return new ItemForm<>(
        NliReply.class,
        NliReply.Scored.class,
        (scored, reply, out, json) -> judgement(scored, reply.model()).print(out, json));
  }

  @Override
  JobKind kind() {
    return new NliJob(modelId(), truncation());
  }

  @Override
  List<String> fields() {
    return List.of(premiseField, hypothesisField);
  }

  @Override
  String oneThing() {
    return "--premise and --hypothesis";
  }

  @Override
  boolean asksOne() {
    if ((premise == null) != (hypothesis == null)) {
      throw misuse("give " + oneThing() + " together");
    }
    return premise != null;
  }

  @Override
  void one(Ratatoskr ratatoskr, RequestOptions options) throws InterruptedException {
    NliRequest.Pair pair = new NliRequest.Pair(String.valueOf(premise), String.valueOf(hypothesis));
    NliReply reply =
        Futures.await(
            ratatoskr.nli(new NliRequest(modelId(), List.of(pair), truncation(), options)));
    print(reply);
  }

  /** Whether a hypothesis follows from a premise, as that model says. */
  private static JudgedAnswer judgement(NliReply.Scored scored, String model) {
    String label = scored.label().name().toLowerCase(Locale.ROOT);
    ObjectNode row = JudgedAnswer.labelled(label).put("entailment", (float) scored.entailment());
    List<ScoreTable.Score> scores = new ArrayList<>();
    scores.add(new ScoreTable.Score("entailment", scored.entailment()));
    if (scored.neutral().isPresent()) {
      row.put("neutral", (float) scored.neutral().getAsDouble());
      scores.add(new ScoreTable.Score("neutral", scored.neutral().getAsDouble()));
    } else {
      row.putNull("neutral");
    }
    row.put("contradiction", (float) scored.contradiction());
    scores.add(new ScoreTable.Score("contradiction", scored.contradiction()));
    return JudgedAnswer.of(label, scores, row, model, scored.truncated());
  }
}
