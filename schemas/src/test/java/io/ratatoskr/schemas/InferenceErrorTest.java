package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.wire.ErrorRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceErrorTest {

  private static InferenceError api(String status) {
    return new InferenceError(ErrorCode.API, "m", Map.of("status", status), null);
  }

  @ParameterizedTest
  @EnumSource
  void ofWire_whatToWireGave_isEqual(ErrorCode code) {
    Map<String, String> details =
        code.details().stream().collect(Collectors.toMap(Function.identity(), name -> "7"));
    InferenceError now = new InferenceError(code, "m", details, null);
    InferenceError later = new InferenceError(code, "m", details, Duration.ofMillis(1500));

    for (InferenceError error : List.of(now, later)) {
      ErrorRecord wire = error.toWire();
      assertThat(InferenceError.ofWire(wire)).isEqualTo(error);
      assertThat(wire.getTransient$()).isEqualTo(error.isTransient());
      assertThat(wire.getMessage()).isEqualTo("m");
    }
    assertThat(later.toWire().getRetryAfterMs()).isEqualTo(1500);
  }

  static List<InferenceError> ofFactories() {
    return List.of(
        InferenceError.http("m"),
        InferenceError.api(503, "m"),
        InferenceError.rateLimited("m"),
        InferenceError.rateLimited("m").after(Duration.ofSeconds(7)),
        InferenceError.authenticationFailed("m"),
        InferenceError.stream("m"),
        InferenceError.json("m"),
        InferenceError.modelNotFound("model", "m"),
        InferenceError.presetNotFound("tier", "chat", "m"),
        InferenceError.invalidInput("m"),
        InferenceError.noProvider("nli", "m"),
        InferenceError.modelNotAvailable("model", "m"),
        InferenceError.unsupported("m"),
        InferenceError.unsupportedParameter("top_k", "model", "openai", "m"),
        InferenceError.emptyResponse("m"),
        InferenceError.contentFiltered("m"),
        InferenceError.dataError("m"),
        InferenceError.contextLengthExceeded(256, "m"),
        InferenceError.llm(true, "m"),
        InferenceError.llm(false, "m"),
        InferenceError.expired("m"),
        InferenceError.workerCrashed(2, "m"),
        InferenceError.overloaded("m"),
        InferenceError.tooLarge(5_000_000_000L, 786_432, "m"),
        InferenceError.consentRequired("m"),
        InferenceError.badEnvelope("m"));
  }

  /** The constructor refuses details that are not the code's. */
  @ParameterizedTest
  @MethodSource("ofFactories")
  void factory_givesTheDetailsOfItsCode_whichTravel(InferenceError error) {
    assertThat(InferenceError.ofWire(error.toWire())).isEqualTo(error);
    assertThat(error.details().values()).doesNotContain("").doesNotContain("m");
  }

  @Test
  void detailsOfAnotherCode_orAPauseIntoThePast_areRefused() {
    assertThatThrownBy(() -> new InferenceError(ErrorCode.EXPIRED, "m", Map.of("model", "x"), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expired has the details [], not [model]");
    assertThatThrownBy(() -> new InferenceError(ErrorCode.LOADING, "m", Map.of(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Loading has the details [model], not []");
    assertThatThrownBy(
            () -> new InferenceError(ErrorCode.RATE_LIMITED, "m", Map.of(), Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("retryAfter");
  }

  @Test
  void ofWire_nameOfALaterRelease_isLlmThatKeepsNameAndTransience() {
    ErrorRecord later = new ErrorRecord("Tired", "sleep", true, null, Map.of("bed", "soft"));

    assertThat(InferenceError.ofWire(later)).isEqualTo(InferenceError.llm(true, "Tired: sleep"));
  }

  @Test
  void ofWire_detailsOfALaterRelease_areLeftOut_andAbsentOnesEmpty() {
    ErrorRecord odd = new ErrorRecord("Loading", "m", true, -5L, Map.of("eta", "soon"));

    assertThat(InferenceError.ofWire(odd))
        .isEqualTo(new InferenceError(ErrorCode.LOADING, "m", Map.of("model", ""), null));
  }

  @ParameterizedTest
  @CsvSource({"499, false", "500, true", "503, true", "599, true", "404, false", "200, false"})
  void isTransient_ofAnApiError_dependsOnItsStatus(String status, boolean expected) {
    assertThat(api(status).isTransient()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "5", "50.3"})
  void isTransient_ofAnApiErrorWithoutAReadableStatus_isFalse(String status) {
    assertThat(api(status).isTransient()).isFalse();
  }
}
