package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.formats.Line;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Provide
  Arbitrary<List<Line>> lines() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(2),
            Arbitraries.integers().between(1, 30_000).map("é"::repeat),
            Arbitraries.integers().between(60_000, 70_000).map("x"::repeat));
    Arbitrary<Line> good =
        texts.map(text ->
            new Line.Good(
                1, new Line.Id("1", true), List.of(text), Line.utf8Length(text), List.of()));
    Arbitrary<Line> bad =
        Arbitraries.just(new Line.Bad(1, Optional.empty(), new Line.Refusal("c", "r")));
    return Arbitraries.frequencyOf(Tuple.of(9, good), Tuple.of(1, bad)).list().ofMaxSize(300);
  }

  @Property(tries = 200)
  void asksEveryTextOnceInRecordsWithinTheLimits(@ForAll("lines") List<Line> lines) {
    Window window = new Window(0, lines, new byte[0]);
    Set<List<String>> expected = new HashSet<>();
    for (Line line : lines) {
      if (line instanceof Line.Good good) {
        expected.add(good.question());
      }
    }

    List<List<String>> asked = new ArrayList<>();
    int shortestBefore = Integer.MAX_VALUE;
    for (int[] record : window.records(Window.RECORD_ITEMS)) {
      int bytes = 0;
      for (int text : record) {
        int length = Line.utf8Length(window.question(text).getFirst());
        assertThat(length).isLessThanOrEqualTo(shortestBefore);
        shortestBefore = length;
        bytes += length;
        asked.add(window.question(text));
      }
      assertThat(record).hasSizeBetween(1, Window.RECORD_ITEMS);
      assertThat(record.length == 1 || bytes <= Window.RECORD_BYTES).isTrue();
    }
    assertThat(asked).doesNotHaveDuplicates().hasSameElementsAs(expected);
  }

  @Property(tries = 200)
  void isCompleteWhenEveryTextHasItsFirstAnswer(@ForAll("lines") List<Line> lines) {
    Window window = new Window(0, lines, new byte[0]);
    for (int[] record : window.records(Window.RECORD_ITEMS)) {
      for (int text : record) {
        assertThat(window.complete()).isFalse();
        assertThat(window.answer(text, refused(window.question(text).getFirst()))).isTrue();
        assertThat(window.answer(text, refused("later"))).isFalse();
      }
    }
    assertThat(window.complete()).isTrue();
    assertThat(window.records(Window.RECORD_ITEMS)).isEmpty();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i) instanceof Line.Good line) {
        assertThat(window.answerOfLine(i)).isEqualTo(refused(line.question().getFirst()));
      } else {
        assertThat(window.answerOfLine(i)).isNull();
      }
    }
  }

  @Test
  void utf8LengthIsThatOfTheEncodedText() {
    assertThat(Line.utf8Length("aé€😀")).isEqualTo(1 + 2 + 3 + 4);
    assertThat(Line.utf8Length("\uD83D")).isEqualTo(-1);
    assertThat(Line.utf8Length("\uDE00\uD83D")).isEqualTo(-1);
  }

  private static Answer refused(String reason) {
    return new Answer.Refused(new Line.Refusal("c", reason));
  }
}
