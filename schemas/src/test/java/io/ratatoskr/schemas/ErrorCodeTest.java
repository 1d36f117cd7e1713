package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.ErrorCode.Transience;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

  @Test
  void wireNames_areTheClosedSet() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wireName))
        .containsExactly(
            "Http",
            "Api",
            "RateLimited",
            "AuthenticationFailed",
            "ModelNotFound",
            "PresetNotFound",
            "Stream",
            "Json",
            "InvalidInput",
            "NoProvider",
            "ModelNotAvailable",
            "Configuration",
            "NotImplemented",
            "Unsupported",
            "UnsupportedParameter",
            "DataError",
            "EmptyResponse",
            "ContentFiltered",
            "ContextLengthExceeded",
            "Llm",
            "Expired",
            "ReplyNotFound",
            "Cancelled",
            "WorkerCrashed",
            "Overloaded",
            "TooLarge",
            "Loading",
            "ConsentRequired",
            "BadEnvelope");
  }

  @ParameterizedTest
  @EnumSource
  void everyCode_hasAMeaningAndARemedy(ErrorCode code) {
    assertThat(code.meaning()).endsWith(".");
    assertThat(code.remedy()).endsWith(".");
    assertThat(ErrorCode.ofWireName(code.wireName())).contains(code);
  }

  /** HTTP clients try again by themselves after some statuses. */
  @ParameterizedTest
  @EnumSource
  void httpStatus_ofWhatMayGoAway_isOneToTryAgainAfter_andOfWhatLastsIsNot(ErrorCode code) {
    assertThat(code.httpStatus()).isBetween(400, 599);
    if (code.transience() == Transience.TRANSIENT) {
      assertThat(code.httpStatus()).isIn(429, 502, 503, 504);
    }
    if (code.transience() == Transience.LASTING) {
      assertThat(code.httpStatus()).isNotIn(408, 409, 425, 429, 502, 503);
    }
  }

  @Test
  void mayComeOfItems_isTrueOfWhatAnItemCanDo_andFalseOfWhatHoldsForAll() {
    assertThat(List.of(ErrorCode.WORKER_CRASHED, ErrorCode.TOO_LARGE, ErrorCode.INVALID_INPUT))
        .allMatch(ErrorCode::mayComeOfItems);
    assertThat(List.of(ErrorCode.MODEL_NOT_FOUND, ErrorCode.EXPIRED, ErrorCode.CONFIGURATION))
        .noneMatch(ErrorCode::mayComeOfItems);
  }

  @Test
  void anotherCandidateMay_isTrueOfWhatOneModelOrPoolLacks_andFalseOfTheRequestsOwnFaults() {
    assertThat(
            List.of(
                ErrorCode.MODEL_NOT_FOUND,
                ErrorCode.MODEL_NOT_AVAILABLE,
                ErrorCode.NO_PROVIDER,
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                ErrorCode.JSON,
                ErrorCode.UNSUPPORTED_PARAMETER))
        .allMatch(ErrorCode::anotherCandidateMay);
    assertThat(
            List.of(
                ErrorCode.INVALID_INPUT,
                ErrorCode.AUTHENTICATION_FAILED,
                ErrorCode.EXPIRED,
                ErrorCode.CANCELLED))
        .noneMatch(ErrorCode::anotherCandidateMay);
  }
}
