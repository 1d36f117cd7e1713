package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot.Model;
import io.ratatoskr.catalog.CatalogSnapshot.State;
import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.chat.Price;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.wire.UsageRecord;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every request that is settled is written down once. */
class UsageLogTest {
  private static final Codec<UsageRecord> USAGE = Codec.of(UsageRecord.class, SchemaIds.derived());
  private static final Request REQUEST = Request.of(1, "x");
  private static final TokenUsage TOKENS =
      new TokenUsage(
          OptionalLong.of(1_000), OptionalLong.of(500), OptionalLong.empty(), OptionalLong.empty());

  private static List<UsageRecord> usage(Rig rig) {
    return rig.output(Topics.usage()).stream()
        .map(record -> USAGE.decode(record.value(), record.headers()))
        .toList();
  }

  private static UsageRecord only(Rig rig) {
    List<UsageRecord> usage = usage(rig);
    assertThat(usage).hasSize(1);
    return usage.getFirst();
  }

  @Test
  void answeredRequest_isWrittenWithWhoAnsweredAndWhatItTook() {
    try (Rig rig = new Rig()) {
      rig.catalog.models.add(
          new Model(
              Requests.MODEL,
              State.READY,
              Optional.empty(),
              "",
              "",
              Set.of(),
              0,
              0,
              Location.LOCAL,
              Optional.of(new Price(2, 10))));
      rig.send(REQUEST);
      assertThat(usage(rig)).isEmpty();
      rig.report(REQUEST, rig.work().getFirst(), Requests.answered("v", TOKENS));

      assertThat(only(rig))
          .isEqualTo(
              UsageRecord.newBuilder()
                  .setRequestId(REQUEST.id().toString())
                  .setGeneration(1)
                  .setRequests(1)
                  .setJoined(0)
                  .setCached(false)
                  .setOutcome("Answered")
                  .setDomain("ratatoskr.default")
                  .setLane("interactive")
                  .setCapability("embed")
                  .setTenant("")
                  .setPool("embed")
                  .setModel(Requests.MODEL)
                  .setProvider("onnx")
                  .setLocation(Location.LOCAL)
                  .setAttempts(1)
                  .setPromptTokens(1_000L)
                  .setCompletionTokens(500L)
                  .setCost(0.007)
                  .setQueueMs(1)
                  .setExecutionMs(2)
                  .build());
    }
  }

  @Test
  void withoutAPriceOrTokens_thereIsNoCost() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(REQUEST, rig.work().getFirst(), Requests.answered("v", TOKENS));
      UsageRecord unpriced = only(rig);
      assertThat(unpriced.getPromptTokens()).isEqualTo(1_000);
      assertThat(unpriced.getCost()).isNull();
    }
  }

  @Test
  void requestsThatShareAnInference_areOneRecord() {
    try (Rig rig = new Rig()) {
      for (int i = 1; i <= 3; i++) {
        rig.send(Request.of(i, "same").cached());
      }
      Request first = Request.of(1, "same").cached();
      rig.report(first, rig.work().getFirst(), Requests.answered("v"));

      UsageRecord usage = only(rig);
      assertThat(usage.getRequestId()).isEqualTo(first.id().toString());
      assertThat(usage.getRequests()).isEqualTo(3);
      assertThat(usage.getJoined()).isEqualTo(2);
    }
  }

  @Test
  void answerOfTheCache_isWrittenAsSuch() {
    try (Rig rig = new Rig(Map.of("cache.enabled", "true"))) {
      rig.send(Request.of(1, "same").cached());
      rig.report(
          Request.of(1, "same").cached(), rig.work().getFirst(), Requests.answered("v", TOKENS));
      usage(rig);
      rig.send(Request.of(2, "same").cached());

      UsageRecord usage = only(rig);
      assertThat(usage.getCached()).isTrue();
      assertThat(usage.getModel()).isEqualTo(Requests.MODEL);
      assertThat(usage.getPromptTokens()).isNull();
      assertThat(usage.getGeneration()).isZero();
    }
  }

  @Test
  void failedExpiredCancelledAndRefusedRequests_areWrittenWithTheirErrors() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      rig.report(
          REQUEST, rig.work().getFirst(), Requests.rejected(InferenceError.invalidInput("bad")));
      assertThat(only(rig).getOutcome()).isEqualTo("InvalidInput");

      Request expires = Request.of(2, "y").within(Duration.ofSeconds(5));
      rig.send(expires);
      rig.pass(Duration.ofSeconds(6));
      UsageRecord expired = only(rig);
      assertThat(expired.getOutcome()).isEqualTo("Expired");
      assertThat(expired.getRequestId()).isEqualTo(expires.id().toString());

      Request cancelled = Request.of(3, "z");
      rig.send(cancelled);
      rig.cancel(cancelled);
      assertThat(only(rig).getOutcome()).isEqualTo("Cancelled");

      rig.sendAppendedAt(Request.of(4, "late"), rig.now().minus(Duration.ofMinutes(5)));
      UsageRecord refused = only(rig);
      assertThat(refused.getOutcome()).isEqualTo("Expired");
      assertThat(refused.getPool()).isEmpty();
    }
  }

  @Test
  void recordThatWasLostWithItsRouter_isWrittenAgainUnderTheSameIdAndGeneration() {
    try (Rig rig = new Rig()) {
      rig.send(REQUEST);
      WorkItem work = rig.work().getFirst();
      rig.report(REQUEST, work, Requests.answered("v", TOKENS));
      UsageRecord first = only(rig);
      rig.crash();

      rig.report(REQUEST, work, Requests.answered("v", TOKENS));
      assertThat(only(rig)).isEqualTo(first);
    }
  }

  @Test
  void laneThatIsNotNamed_isNotWrittenDown() {
    try (Rig rig = new Rig(Map.of("usage.lanes", "interactive"))) {
      Request bulk = Request.of(1, "x").bulk();
      rig.send(bulk);
      rig.report(bulk, rig.work().getFirst(), Requests.answered("v"));
      assertThat(rig.replies()).hasSize(1);
      assertThat(usage(rig)).isEmpty();
    }
  }
}
