package io.ratatoskr.launcher.ask;

import io.ratatoskr.bulk.JobKind;
import io.ratatoskr.bulk.StanceJob;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.StanceReply;
import io.ratatoskr.client.StanceRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says where texts stand towards targets. */
@Command(
    name = "stance",
    description = {
      "Say whether texts are for or against a target: those of a file, or one TEXT.",
      "",
      LineCommand.IN_THIS_PROCESS,
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class StanceCommand extends JudgeCommand {
  @Parameters(arity = "0..1", paramLabel = "TEXT", description = "One text.")
  private @Nullable String text;

  @Option(
      names = "--target",
      order = WHAT,
      paramLabel = "TARGET",
      description =
          "What the text, or every text of the file, may be for or against. Without it each line "
              + "of the file has its own.")
  private @Nullable String target;

  @Mixin private TextField textField = new TextField();

  @Option(
      names = "--target-field",
      paramLabel = "NAME",
      defaultValue = "target",
      description = "Field or column with the target. Default: ${DEFAULT-VALUE}")
  private String targetField = "";

  @Override
  public ItemForm<StanceReply, StanceReply.Scored> form() {
    return new ItemForm<>(
        StanceReply.class,
        StanceReply.Scored.class,
        (scored, reply, out, json) -> judgement(scored, reply.model()).print(out, json));
  }

  @Override
  JobKind kind() {
    if (target != null && target.isBlank()) {
      throw misuse("--target: is empty; name what texts may be for or against");
    }
    return new StanceJob(modelId(), Optional.ofNullable(target), truncation());
  }

  @Override
  List<String> fields() {
    return target == null ? List.of(textField.name(), targetField) : List.of(textField.name());
  }

  @Override
  String oneThing() {
    return "a TEXT and --target";
  }

  @Override
  boolean asksOne() {
    if (text != null && target == null) {
      throw misuse("give " + oneThing());
    }
    return text != null;
  }

  @Override
  void one(Ratatoskr ratatoskr, RequestOptions options) throws InterruptedException {
    StanceRequest.Item item = new StanceRequest.Item(String.valueOf(text), String.valueOf(target));
    StanceReply reply =
        Futures.await(
            ratatoskr.stance(new StanceRequest(modelId(), List.of(item), truncation(), options)));
    print(reply);
  }

  /** Where a text stands, as that model says. */
  private static JudgedAnswer judgement(StanceReply.Scored scored, String model) {
    String label = scored.label().name().toLowerCase(Locale.ROOT);
    return JudgedAnswer.of(
        label,
        List.of(
            new ScoreTable.Score("favor", scored.favor()),
            new ScoreTable.Score("against", scored.against()),
            new ScoreTable.Score("neutral", scored.neutral())),
        JudgedAnswer.labelled(label)
            .put("favor", (float) scored.favor())
            .put("against", (float) scored.against())
            .put("neutral", (float) scored.neutral()),
        model,
        scored.truncated());
  }
}
