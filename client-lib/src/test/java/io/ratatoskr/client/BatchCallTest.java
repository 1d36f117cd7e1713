package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.EmbedReply.Failed;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.CacheUse;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class BatchCallTest {
  private static final RequestId ID = RequestId.next(Clock.systemUTC(), new Random(1));
  private static final RecordOutcome OVERLOADED =
      ReplyReading.failure(InferenceError.overloaded("full"));

  private static BatchCall<EmbedRequest, String, EmbedReply.ItemOutcome, EmbedReply> split(
      String... texts) {
    return Calls.batch(
        EmbedRequest.of("m", texts).withOptions(RequestOptions.defaults().withCache(CacheMode.ON)));
  }

  private static RecordOutcome answer(String space, String text, CacheUse cache, long millis) {
    return new ReplyReading(SchemaIds.derived())
        .outcome(
            ID, EchoRouter.answer(space, List.of(text), cache, millis), new RecordHeaders(), 0);
  }

  @Test
  void ended_outOfOrder_keepsTheRequestsOrder() {
    var call = split("a", "bb");

    Calls.end(call, 1, answer("s", "bb", CacheUse.NONE, 1));
    assertThat(call.reply()).isNotDone();
    Calls.end(call, 0, answer("s", "a", CacheUse.NONE, 1));

    assertThat(call.reply().join().vectors())
        .containsExactly(EchoRouter.vectorOf("a"), EchoRouter.vectorOf("bb"));
  }

  @Test
  void ended_oneRefused_isItsItemsOutcome() {
    var call = split("a", "b");
    Calls.end(call, 0, OVERLOADED);
    Calls.end(call, 1, answer("s", "b", CacheUse.NONE, 1));

    EmbedReply reply = call.reply().join();
    assertThat(reply.items().getFirst()).isEqualTo(new Failed(InferenceError.overloaded("full")));
    assertThatThrownBy(reply::vectors).isInstanceOf(RequestFailedException.class);
  }

  @Test
  void ended_allRefused_failsTheCall() {
    var call = split("a", "b");
    Calls.end(call, 0, OVERLOADED);
    Calls.end(call, 1, OVERLOADED);

    assertThatThrownBy(call.reply()::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RequestFailedException.class)
        .hasMessageContaining("Overloaded: full");
  }

  @Test
  void ended_pipelineFailedOne_failsTheCall() {
    var call = split("a", "b");
    Calls.end(call, 0, answer("s", "a", CacheUse.NONE, 1));
    Calls.end(call, 1, new RecordOutcome.Failure(new ClientClosedException()));

    assertThatThrownBy(call.reply()::join).hasCauseInstanceOf(ClientClosedException.class);
  }

  @Test
  void ended_differentSpaces_failsTheCall() {
    var call = split("a", "b");
    Calls.end(call, 0, answer("s", "a", CacheUse.NONE, 1));
    Calls.end(call, 1, answer("t", "b", CacheUse.NONE, 1));

    assertThatThrownBy(call.reply()::join).hasMessageContaining("different vector spaces");
  }

  @Test
  void ended_provenance_isTheSlowests_hitOnlyWhereAllAre() {
    var mixed = split("a", "b");
    Calls.end(mixed, 0, answer("s", "a", CacheUse.HIT, 9));
    Calls.end(mixed, 1, answer("s", "b", CacheUse.JOINED, 1));
    var hits = split("a", "b");
    Calls.end(hits, 0, answer("s", "a", CacheUse.HIT, 2));
    Calls.end(hits, 1, answer("s", "b", CacheUse.HIT, 1));

    assertThat(mixed.reply().join().provenance().cache()).isEqualTo(Provenance.CacheUse.JOINED);
    assertThat(hits.reply().join().provenance())
        .extracting(Provenance::cache, provenance -> provenance.executionTime().toMillis())
        .containsExactly(Provenance.CacheUse.HIT, 2L);
  }

  @Test
  void encode_sameTexts_sameBytes() {
    assertThat(split("a", "a").encode())
        .hasSize(2)
        .satisfies(values -> assertThat(values.get(0)).isEqualTo(values.get(1)));
  }
}
