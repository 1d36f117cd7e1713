package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.onnx.ItemResult;
import io.ratatoskr.onnx.ItemResult.NoTokens.Part;
import io.ratatoskr.schemas.wire.ErrorRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgedTest {
  private static final Sides STANCE = new Sides("text", "target");
  private static final ItemResult GOOD = new ItemResult.Inferred(new float[] {1}, 9, 8, true);

  private static List<Object> items(ItemResult... results) {
    return Judged.items("m", STANCE, List.of(results), 2, (logits, judged) -> judged);
  }

  private static String message(Object item) {
    return ((ErrorRecord) item).getMessage();
  }

  @Test
  void items_withAnEmptySide_failNamingItAsTheRequestDoes() {
    List<Object> items =
        items(
            new ItemResult.NoTokens(Part.PREMISE),
            GOOD,
            GOOD,
            new ItemResult.NoTokens(Part.HYPOTHESIS));

    assertThat(items)
        .extracting(JudgedTest::message)
        .containsExactly("The text is empty.", "The target is empty.");
    assertThat(((ErrorRecord) items.getFirst()).getCode()).isEqualTo("InvalidInput");
  }

  @Test
  void items_ofOtherFailures_sayWhatTheModelSays() {
    List<Object> items = items(GOOD, new ItemResult.TooLong(5, 9));

    assertThat(items)
        .singleElement()
        .extracting(JudgedTest::message)
        .isEqualTo("The input has 9 tokens, m takes 5.");
  }

  @Test
  void items_tookTheTokensOfTheirLongestPair() {
    ItemResult shorter = new ItemResult.Inferred(new float[] {1}, 4, 4, false);

    assertThat(items(shorter, GOOD, shorter, shorter))
        .containsExactly(new Judged(9, 8, true), new Judged(4, 4, false));
  }
}
