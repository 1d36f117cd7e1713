package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.PairTruncation;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenPairTest {
  /** As BERT: [CLS] premise [SEP] hypothesis [SEP]. */
  private static final TokenPair.Whole BERT =
      new TokenPair.Whole(
          Encoded.of(new long[] {101, 1, 2, 102, 3, 102}, new long[] {0, 0, 0, 0, 1, 1}),
          new int[] {-1, 0, 0, -1, 1, -1});

  @ParameterizedTest
  @CsvSource({
    // premise, hypothesis, room, kept of the premise, kept of the hypothesis
    "10,  3,  9,  6, 3",
    " 3, 10,  9,  3, 6",
    "10, 10,  8,  4, 4",
    "10, 10,  9,  4, 5",
    "11, 10,  9,  5, 4",
    "10, 11,  9,  4, 5",
    " 4,  5,  8,  4, 4",
    " 1, 99, 10,  1, 9",
    "99,  1, 10,  9, 1",
    "99, 99,  2,  1, 1",
    "99, 99,  3,  1, 2",
  })
  void longestFirst_handWorked(int premise, int hypothesis, int room, int first, int second) {
    assertThat(TokenPair.Kept.longestFirst(premise, hypothesis, room))
        .isEqualTo(new TokenPair.Kept(first, second));
  }

  @Property
  void longestFirst_always_fillsTheRoomAndCutsTheLongerOne(
      @ForAll @IntRange(min = 1, max = 600) int premise,
      @ForAll @IntRange(min = 1, max = 600) int hypothesis,
      @ForAll @IntRange(min = 2, max = 510) int wanted) {
    int room = Math.max(2, Math.min(wanted, premise + hypothesis - 1));
    if (premise + hypothesis <= room) {
      return;
    }
    TokenPair.Kept kept = TokenPair.Kept.longestFirst(premise, hypothesis, room);

    assertThat(kept.premise() + kept.hypothesis()).isEqualTo(room);
    assertThat(kept.premise()).isBetween(1, premise);
    assertThat(kept.hypothesis()).isBetween(1, hypothesis);
    if (kept.premise() < premise && kept.hypothesis() < hypothesis) {
      assertThat(Math.abs(kept.premise() - kept.hypothesis())).isLessThanOrEqualTo(1);
    } else if (kept.premise() < premise) {
      assertThat(kept.premise()).isGreaterThanOrEqualTo(kept.hypothesis() - 1);
    } else {
      assertThat(kept.hypothesis()).isGreaterThanOrEqualTo(kept.premise());
    }
  }

  @Test
  void frame_ofAPair_joinsOtherTextsAlike() {
    PairFrame frame = PairFrame.of(BERT).orElseThrow();

    Encoded joined = frame.join(content(7, 8, 9), 3, content(5, 6), 2);

    assertThat(joined.ids()).containsExactly(101, 7, 8, 9, 102, 5, 6, 102);
    assertThat(IntStream.range(0, 8).map(joined::typeId)).containsExactly(0, 0, 0, 0, 0, 1, 1, 1);
    assertThat(frame.size()).isEqualTo(3);
    assertThat(frame.join(content(1, 2), 2, content(3), 1).sameTokens(BERT.all())).isTrue();
  }

  @Test
  void frame_ofAPairThatBeginsWithTheHypothesis_isNone() {
    TokenPair.Whole turned =
        new TokenPair.Whole(
            Encoded.of(new long[] {101, 3, 102, 1, 102}, new long[5]),
            new int[] {-1, 1, -1, 0, -1});
    TokenPair.Whole scattered =
        new TokenPair.Whole(
            Encoded.of(new long[] {1, 2, 3, 4}, new long[4]), new int[] {0, 1, 0, 1});

    assertThat(PairFrame.of(turned)).isEmpty();
    assertThat(PairFrame.of(scattered)).isEmpty();
  }

  @Test
  void keep_ofEitherForm_isTheBeginningOfBothAndEverySpecialToken() {
    TokenPair.Whole whole =
        new TokenPair.Whole(
            Encoded.of(
                new long[] {101, 1, 2, 3, 102, 4, 5, 6, 102},
                new long[] {0, 0, 0, 0, 0, 1, 1, 1, 1}),
            new int[] {-1, 0, 0, 0, -1, 1, 1, 1, -1});
    TokenPair.Apart apart =
        new TokenPair.Apart(PairFrame.of(BERT).orElseThrow(), content(1, 2, 3), content(4, 5, 6));

    assertThat(whole.keep(2, 1).ids()).containsExactly(101, 1, 2, 102, 4, 102);
    assertThat(whole.keep(2, 1).sameTokens(apart.keep(2, 1))).isTrue();
    assertThat(whole.special()).isEqualTo(apart.special()).isEqualTo(3);
  }

  @Test
  void item_underALimit_isWholeRefusedOrCut() {
    TokenPair pair =
        new TokenPair.Apart(
            PairFrame.of(BERT).orElseThrow(), content(1, 2, 3, 4, 5), content(6, 7));

    assertThat(pair.item(10, PairTruncation.ERROR))
        .isInstanceOfSatisfying(
            Tokenised.Pending.class, pending -> assertThat(pending.truncated()).isFalse());
    assertThat(pair.item(9, PairTruncation.ERROR))
        .isEqualTo(new Tokenised.Answered(new ItemResult.TooLong(9, 10), 10));
    assertThat(pair.item(8, PairTruncation.LONGEST_FIRST))
        .isInstanceOfSatisfying(
            Tokenised.Pending.class,
            pending -> {
              assertThat(pending.truncated()).isTrue();
              assertThat(pending.tokens()).isEqualTo(10);
              assertThat(pending.parts().getFirst().ids())
                  .containsExactly(101, 1, 2, 3, 102, 6, 7, 102);
            });
  }

  @Test
  void item_sideWithoutTokens_isAnsweredAtOnce() {
    TokenPair pair = new TokenPair.Apart(PairFrame.of(BERT).orElseThrow(), content(1), content());

    assertThat(pair.item(10, PairTruncation.ERROR))
        .isEqualTo(
            new Tokenised.Answered(
                new ItemResult.NoTokens(ItemResult.NoTokens.Part.HYPOTHESIS), 0));
  }

  private static Encoded content(int... ids) {
    long[] longs = Arrays.stream(ids).asLongStream().toArray();
    return Encoded.of(longs, LongStream.generate(() -> 0).limit(ids.length).toArray());
  }
}
