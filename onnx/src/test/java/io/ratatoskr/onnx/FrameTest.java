package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final long LEAD = 1001;
  private static final long TRAIL = 1002;
  private static final Frame FRAME = new Frame(1, 1);

  @Test
  void truncate_longText_keepsBothEnds() {
    assertThat(FRAME.truncate(text(9), 5).ids()).containsExactly(1001, 0, 1, 2, 1002);
  }

  @Test
  void truncate_textThatFits_isTheSame() {
    Encoded text = text(3);
    assertThat(FRAME.truncate(text, 5)).isSameAs(text);
  }

  @Test
  void truncate_tokenTypes_goWithTheirTokens() {
    Encoded cut =
        new Frame(1, 1)
            .truncate(Encoded.of(new long[] {9, 1, 2, 3, 8}, new long[] {0, 1, 1, 0, 2}), 4);
    assertThat(cut.ids()).containsExactly(9, 1, 2, 8);
    assertThat(List.of(cut.typeId(0), cut.typeId(1), cut.typeId(2), cut.typeId(3)))
        .containsExactly(0, 1, 1, 2);
  }

  @Test
  void truncate_noRoomBesideSpecialTokens_isRefused() {
    assertThatThrownBy(() -> FRAME.truncate(text(9), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no room");
  }

  @Property
  void split_anyText_givesFramedPartsThatTogetherAreTheText(
      @ForAll @IntRange(max = 3) int lead,
      @ForAll @IntRange(max = 3) int trail,
      @ForAll @IntRange(min = 1, max = 2000) int content,
      @ForAll @IntRange(min = 7, max = 300) int limit) {
    Frame frame = new Frame(lead, trail);
    List<Encoded> parts = frame.split(text(lead, content, trail), limit);
    List<Integer> joined = new ArrayList<>();
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (Encoded part : parts) {
      assertThat(part.length()).isLessThanOrEqualTo(limit);
      for (int i = 0; i < part.length(); i++) {
        if (i < lead) {
          assertThat(part.id(i)).isEqualTo((int) LEAD);
        } else if (i >= part.length() - trail) {
          assertThat(part.id(i)).isEqualTo((int) TRAIL);
        } else {
          joined.add(part.id(i));
        }
      }
      shortest = Math.min(shortest, part.length());
      longest = Math.max(longest, part.length());
    }
    assertThat(joined).hasSize(content).isSorted().doesNotHaveDuplicates();
    assertThat(longest - shortest).isLessThanOrEqualTo(1);
    assertThat(parts).hasSize(Math.ceilDiv(content, limit - frame.size()));
  }

  private static Encoded text(int content) {
    return text(1, content, 1);
  }

  /** Content tokens count from 0. */
  private static Encoded text(int lead, int content, int trail) {
    long[] ids =
        LongStream.concat(
                LongStream.concat(
                    LongStream.generate(() -> LEAD).limit(lead), LongStream.range(0, content)),
                LongStream.generate(() -> TRAIL).limit(trail))
            .toArray();
    return Encoded.of(ids, new long[ids.length]);
  }
}
