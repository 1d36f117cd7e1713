package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.wire.ErrorRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCodeTest {

  static List<InferenceError> oneOfEach() {
    return List.of(
        new InferenceError.Http("m"),
        new InferenceError.Api(503, "m"),
        new InferenceError.Api(404, "m"),
        new InferenceError.RateLimited("m", Duration.ofMillis(1500)),
        new InferenceError.RateLimited("m", null),
        new InferenceError.AuthenticationFailed("m"),
        new InferenceError.ModelNotFound("model", "m"),
        new InferenceError.PresetNotFound("tier", "chat", "m"),
        new InferenceError.Stream("m"),
        new InferenceError.Json("m"),
        new InferenceError.InvalidInput("m"),
        new InferenceError.NoProvider("nli", "m"),
        new InferenceError.ModelNotAvailable("model", "m"),
        new InferenceError.Configuration("m"),
        new InferenceError.NotImplemented("m"),
        new InferenceError.Unsupported("m"),
        new InferenceError.UnsupportedParameter("top_k", "model", "openai", "m"),
        new InferenceError.DataError("m"),
        new InferenceError.EmptyResponse("m"),
        new InferenceError.ContentFiltered("m"),
        new InferenceError.ContextLengthExceeded(256, "m"),
        new InferenceError.Llm(true, "m"),
        new InferenceError.Llm(false, "m"),
        new InferenceError.Expired("m"),
        new InferenceError.Cancelled("m"),
        new InferenceError.WorkerCrashed(2, "m"),
        new InferenceError.Overloaded("m"),
        new InferenceError.TooLarge(5_000_000_000L, 786_432, "m"),
        new InferenceError.Loading("model", "m"),
        new InferenceError.ConsentRequired("m"),
        new InferenceError.BadEnvelope("m"));
  }

  @ParameterizedTest
  @MethodSource("oneOfEach")
  void ofWire_whatToWireGave_isEqual(InferenceError error) {
    ErrorRecord wire = ErrorCode.toWire(error);

    assertThat(ErrorCode.ofWire(wire)).isEqualTo(error);
    assertThat(wire.getTransient$()).isEqualTo(error.isTransient());
    assertThat(wire.getMessage()).isEqualTo("m");
  }

  @ParameterizedTest
  @EnumSource
  void everyCode_isUsedByAnErrorAndHasARemedy(ErrorCode code) {
    assertThat(oneOfEach()).extracting(InferenceError::code).contains(code);
    assertThat(code.remedy()).endsWith(".");
    assertThat(code.meaning()).endsWith(".");
  }

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
            "Cancelled",
            "WorkerCrashed",
            "Overloaded",
            "TooLarge",
            "Loading",
            "ConsentRequired",
            "BadEnvelope");
  }

  @Test
  void ofWire_nameOfALaterRelease_isLlmThatKeepsNameAndTransience() {
    ErrorRecord later = new ErrorRecord("Tired", "sleep", true, null, Map.of());

    assertThat(ErrorCode.ofWire(later)).isEqualTo(new InferenceError.Llm(true, "Tired: sleep"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "1.5"})
  void ofWire_malformedField_takesANeutralValue(String limit) {
    ErrorRecord odd =
        new ErrorRecord("ContextLengthExceeded", "m", false, null, Map.of("limit", limit));

    assertThat(ErrorCode.ofWire(odd)).isEqualTo(new InferenceError.ContextLengthExceeded(0, "m"));
  }

  @Test
  void mayComeOfItems_isTrueOfWhatAnItemCanDo_andFalseOfWhatHoldsForAll() {
    assertThat(List.of(ErrorCode.WORKER_CRASHED, ErrorCode.TOO_LARGE, ErrorCode.INVALID_INPUT))
        .allMatch(ErrorCode::mayComeOfItems);
    assertThat(List.of(ErrorCode.MODEL_NOT_FOUND, ErrorCode.EXPIRED, ErrorCode.CONFIGURATION))
        .noneMatch(ErrorCode::mayComeOfItems);
  }

  @Test
  void isTransient_ofAnApiError_dependsOnItsStatus() {
    assertThat(new InferenceError.Api(500, "m").isTransient()).isTrue();
    assertThat(new InferenceError.Api(499, "m").isTransient()).isFalse();
  }
}
