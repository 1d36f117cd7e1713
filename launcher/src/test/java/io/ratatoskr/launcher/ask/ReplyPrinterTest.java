package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.ClassifyReply;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.client.Provenance.CacheUse;
import io.ratatoskr.client.Reply;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.StanceReply;
import io.ratatoskr.client.TokenizeReply;
import io.ratatoskr.launcher.Main;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.settings.Layers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReplyPrinterTest {
  private static final Provenance PROVENANCE =
      new Provenance(
          "onnx",
          "m",
          "1",
          "w",
          Location.LOCAL,
          CacheUse.NONE,
          Optional.empty(),
          1,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          "",
          "",
          List.of(),
          false);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int print(Reply reply) {
    return new ReplyPrinter(
            new PrintWriter(out),
            new PrintWriter(err),
            true,
            Configuration.of(Configuration.oneClient()),
            ReplyPrinter.forms(Main.commandLine(Layers.Surroundings.none()).getCommandSpec()))
        .print(reply);
  }

  private static EmbedReply vectors(EmbedReply.ItemOutcome... items) {
    return new EmbedReply("m", "s", 1, List.of(items), PROVENANCE);
  }

  @Test
  void print_eachKindOfReply_isALineForEachItem() {
    EmbedReply.Embedded vector = new EmbedReply.Embedded(new float[] {0.5f}, 1, 1, false);
    assertThat(print(vectors(vector))).isEqualTo(ExitCode.WHOLE);
    print(
        new NliReply(
            "m",
            List.of(
                new NliReply.Scored(
                    0.75, OptionalDouble.empty(), 0.25, NliReply.Label.ENTAILMENT, 3, 3, false)),
            PROVENANCE));
    print(
        new ClassifyReply(
            "m",
            List.of("a", "b"),
            List.of(
                new ClassifyReply.Scored(
                    List.of(
                        new ClassifyReply.LabelScore("a", 0.25),
                        new ClassifyReply.LabelScore("b", 0.75)),
                    3,
                    3,
                    true)),
            PROVENANCE));
    print(
        new StanceReply(
            "m",
            List.of(new StanceReply.Scored(0.5, 0.25, 0.25, StanceReply.Label.FAVOR, 3, 3, false)),
            PROVENANCE));
    print(
        new TokenizeReply(
            "m", false, List.of(new TokenizeReply.Counted(7, List.of())), PROVENANCE));

    assertThat(out.toString().lines())
        .containsExactly(
            "{\"embedding\":[0.5],\"model\":\"m\",\"space_id\":\"s\"}",
            "{\"label\":\"entailment\",\"entailment\":0.75,\"neutral\":null,\"contradiction\":0.25,"
                + "\"model\":\"m\"}",
            "{\"label\":\"b\",\"score\":0.75,\"labels\":[\"a\",\"b\"],\"scores\":[0.25,0.75],"
                + "\"model\":\"m\",\"truncated\":true}",
            "{\"label\":\"favor\",\"favor\":0.5,\"against\":0.25,\"neutral\":0.25,\"model\":\"m\"}",
            "{\"count\":7,\"model\":\"m\",\"approximate\":false}");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void print_oneOfSeveralItemsFailed_isSaid_andTheOthersArePrinted() {
    EmbedReply.Embedded vector = new EmbedReply.Embedded(new float[] {1}, 1, 1, false);
    EmbedReply.Failed failed = new EmbedReply.Failed(InferenceError.overloaded("full"));

    assertThat(print(vectors(failed, vector))).isEqualTo(ExitCode.ERROR_LINES);
    assertThat(out.toString()).hasLineCount(1);
    assertThat(err.toString()).isEqualToIgnoringNewLines("Item 1: Overloaded: full");
    assertThatThrownBy(() -> print(vectors(failed))).isInstanceOf(RequestFailedException.class);
  }
}
