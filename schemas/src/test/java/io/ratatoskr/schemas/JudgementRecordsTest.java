package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.NliScores;
import io.ratatoskr.schemas.wire.StanceItem;
import io.ratatoskr.schemas.wire.StanceLabel;
import io.ratatoskr.schemas.wire.StanceReply;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.StanceScores;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.Token;
import io.ratatoskr.schemas.wire.TokenizeReply;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.schemas.wire.Tokens;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records of NLI, zero-shot classification, stance and tokenisation. */
class JudgementRecordsTest {
  private static final ErrorRecord FAILED =
      InferenceError.invalidInput("the hypothesis is empty").toWire();

  static Item item(String text) {
    return new Item(new Text(text));
  }

  static List<SpecificRecord> records() {
    return List.of(
        new NliRequest(
            PairTruncation.LONGEST_FIRST,
            null,
            item("query"),
            List.of(new NliPair(item("one"), null), new NliPair(item("two"), null))),
        new NliReply(
            "m",
            List.of(
                new NliScores(0.7f, 0.2f, 0.1f, NliLabel.ENTAILMENT, 9, 9, false),
                new NliScores(0.4f, null, 0.6f, NliLabel.CONTRADICTION, 90, 64, true),
                FAILED)),
        new ClassifyRequest(
            PairTruncation.ERROR, List.of("a", "b"), "Of {}.", true, List.of(item("text"))),
        new ClassifyReply(
            "m",
            List.of("a", "b"),
            List.of(new LabelScores(List.of(0.9f, 0.1f), 5, 5, false), FAILED)),
        new StanceRequest(
            PairTruncation.ERROR, List.of(new StanceItem(item("text"), "the bridge"))),
        new StanceReply(
            "m",
            List.of(new StanceScores(0.5f, 0.3f, 0.2f, StanceLabel.FAVOR, 5, 5, false), FAILED)),
        new TokenizeRequest(true, List.of(item("text"))),
        new TokenizeReply(
            "m", true, List.of(new Tokens(1, List.of(new Token(7, "text", 0, 4))), FAILED)));
  }

  @ParameterizedTest
  @MethodSource("records")
  @SuppressWarnings("unchecked")
  void decode_whatWasEncoded_isEqual(SpecificRecord record) {
    Codec<SpecificRecord> codec =
        Codec.of((Class<SpecificRecord>) record.getClass(), SchemaIds.derived());

    assertThat(codec.decode(codec.encode(record))).isEqualTo(record);
  }

  @Test
  void nliRequest_sharedSide_travelsOnce() {
    String query = "q".repeat(1000);
    NliRequest request =
        new NliRequest(
            PairTruncation.ERROR,
            null,
            item(query),
            IntStream.range(0, Limits.PAIRS)
                .mapToObj(i -> new NliPair(item("candidate " + i), null))
                .toList());

    assertThat(Codec.of(NliRequest.class, SchemaIds.derived()).encode(request))
        .hasSizeLessThan(query.length() + Limits.PAIRS * 20 + 50);
  }
}
