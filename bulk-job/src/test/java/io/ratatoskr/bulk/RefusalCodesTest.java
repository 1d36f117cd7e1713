package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.formats.Line;
import io.ratatoskr.schemas.ErrorCode;
import org.junit.jupiter.api.Test;

class RefusalCodesTest {
  @Test
  void refusedLinesHaveThePipelinesCodes() {
    assertThat(Line.Refusal.INVALID_INPUT).isEqualTo(ErrorCode.INVALID_INPUT.wireName());
    assertThat(Line.Refusal.TOO_LARGE).isEqualTo(ErrorCode.TOO_LARGE.wireName());
  }
}
