package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.InputType;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingSpecTest {
  private static final Pooling MEAN = Pooling.of(Pooling.Mode.MEAN);
  private static final EmbeddingSpec SPEC = spec("m", "r", MEAN, true, 384, false, "q: ", "d: ");

  @Test
  void spaceId_ofTheSameModel_neverChanges() {
    assertThat(SPEC.spaceId()).isEqualTo("806ea771b974c20c").hasSize(16);
  }

  @Test
  void spaceId_ofAnotherLimit_isTheSame() {
    assertThat(new EmbeddingSpec("m", "r", MEAN, true, 384, 128, false, "q: ", "d: ").spaceId())
        .isEqualTo(SPEC.spaceId());
  }

  @Test
  void spaceId_ofAnythingElseThatDiffers_isAnother() {
    Pooling two = Pooling.of(Pooling.Mode.MEAN, Pooling.Mode.CLS);
    Pooling turned = Pooling.of(Pooling.Mode.CLS, Pooling.Mode.MEAN);
    assertThat(
            Stream.of(
                    SPEC,
                    spec("n", "r", MEAN, true, 384, false, "q: ", "d: "),
                    spec("m", "s", MEAN, true, 384, false, "q: ", "d: "),
                    spec("m", "r", two, true, 384, false, "q: ", "d: "),
                    spec("m", "r", turned, true, 384, false, "q: ", "d: "),
                    spec("m", "r", new Pooling.Graph(), true, 384, false, "q: ", "d: "),
                    spec("m", "r", MEAN, false, 384, false, "q: ", "d: "),
                    spec("m", "r", MEAN, true, 385, false, "q: ", "d: "),
                    spec("m", "r", MEAN, true, 384, true, "q: ", "d: "),
                    spec("m", "r", MEAN, true, 384, false, "", "d: "),
                    spec("m", "r", MEAN, true, 384, false, "q: ", ""))
                .map(EmbeddingSpec::spaceId))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(Pooling.Mode.class)
  void spaceId_ofEachPooling_isItsOwn(Pooling.Mode mode) {
    assertThat(
            Arrays.stream(Pooling.Mode.values())
                .filter(other -> other != mode)
                .map(other -> spec("m", "r", Pooling.of(other), true, 384, false, "", "")))
        .extracting(EmbeddingSpec::spaceId)
        .doesNotContain(spec("m", "r", Pooling.of(mode), true, 384, false, "", "").spaceId());
  }

  @Test
  void cut_keepsTheFirstComponents_atLength1_inASpaceOfItsOwn() {
    EmbeddingSpec three = spec("m", "r", MEAN, true, 3, false, "", "");
    EmbeddingSpec two = three.cutTo(2);

    assertThat(two.cut(new float[] {3, 4, 12})).containsExactly(0.6f, 0.8f);
    assertThat(two.spaceId()).isNotEqualTo(three.spaceId());
    assertThat(three.cutTo(0)).isEqualTo(three.cutTo(3)).isEqualTo(three);
    assertThat(spec("m", "r", MEAN, false, 3, false, "", "").cutTo(2).cut(new float[] {3, 4, 12}))
        .containsExactly(3, 4);
    assertThat(two.cut(new float[] {0, 0, 1})).containsExactly(0, 0);
    assertThat(three.againstCutTo(4).orElseThrow()).contains("ask for 1 to 3");
  }

  @Test
  void input_ofALowerCaseModel_isInLowerCase() {
    EmbeddingSpec lower = spec("m", "r", MEAN, true, 384, true, "Q: ", "");
    assertThat(lower.input("Ein Äffchen", InputType.QUERY)).isEqualTo("q: ein äffchen");
    assertThat(SPEC.input("Ein Äffchen", InputType.QUERY)).isEqualTo("q: Ein Äffchen");
  }

  private static EmbeddingSpec spec(
      String id,
      String revision,
      Pooling pooling,
      boolean normalise,
      int dimensions,
      boolean lowerCase,
      String query,
      String document) {
    return new EmbeddingSpec(
        id, revision, pooling, normalise, dimensions, 256, lowerCase, query, document);
  }

  @Test
  void prefix_ofAType_isItsOwn() {
    assertThat(SPEC.prefix(InputType.QUERY)).isEqualTo("q: ");
    assertThat(SPEC.prefix(InputType.DOCUMENT)).isEqualTo("d: ");
  }
}
