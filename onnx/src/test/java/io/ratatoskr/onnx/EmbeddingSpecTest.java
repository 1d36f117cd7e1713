package io.ratatoskr.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddingSpecTest {
  private static final EmbeddingSpec SPEC =
      new EmbeddingSpec("m", "r", Pooling.MEAN, true, 384, 256, "q: ", "d: ");

  @Test
  void spaceId_ofTheSameModel_neverChanges() {
    assertThat(SPEC.spaceId()).isEqualTo("3ebcbac402524958").hasSize(16);
  }

  @Test
  void spaceId_ofAnotherLimit_isTheSame() {
    assertThat(new EmbeddingSpec("m", "r", Pooling.MEAN, true, 384, 128, "q: ", "d: ").spaceId())
        .isEqualTo(SPEC.spaceId());
  }

  @Test
  void spaceId_ofAnythingElseThatDiffers_isAnother() {
    assertThat(
            Set.of(
                SPEC.spaceId(),
                new EmbeddingSpec("n", "r", Pooling.MEAN, true, 384, 256, "q: ", "d: ").spaceId(),
                new EmbeddingSpec("m", "s", Pooling.MEAN, true, 384, 256, "q: ", "d: ").spaceId(),
                new EmbeddingSpec("m", "r", Pooling.CLS, true, 384, 256, "q: ", "d: ").spaceId(),
                new EmbeddingSpec("m", "r", Pooling.MEAN, false, 384, 256, "q: ", "d: ").spaceId(),
                new EmbeddingSpec("m", "r", Pooling.MEAN, true, 385, 256, "q: ", "d: ").spaceId(),
                new EmbeddingSpec("m", "r", Pooling.MEAN, true, 384, 256, "", "d: ").spaceId(),
                new EmbeddingSpec("m", "r", Pooling.MEAN, true, 384, 256, "q: ", "").spaceId()))
        .hasSize(8);
  }

  @Test
  void prefix_ofAType_isItsOwn() {
    assertThat(SPEC.prefix(InputType.QUERY)).isEqualTo("q: ");
    assertThat(SPEC.prefix(InputType.DOCUMENT)).isEqualTo("d: ");
  }
}
