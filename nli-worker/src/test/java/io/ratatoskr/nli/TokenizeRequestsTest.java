package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.onnxworker.Reading;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.TokenizeReply;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.schemas.wire.Tokens;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenizeRequestsTest {
  /** Each of these characters is several tokens of GPT-4's. */
  private static final String SQUIRRELS = "\ud83d\udc3f ";

  private final TokenizeRequests requests =
      new TokenizeRequests(NliConfig.of("nli-minilm-l6").models().served(), SchemaIds.derived());

  @AfterEach
  void free() {
    requests.close();
  }

  private Outcome outcome(boolean detail, List<String> texts) {
    byte[] payload =
        Codec.of(TokenizeRequest.class, SchemaIds.derived())
            .encode(
                new TokenizeRequest(
                    detail, texts.stream().map(text -> new Item(new Text(text))).toList()));
    assertThat(payload).hasSizeLessThan(Limits.REQUEST_BYTES);
    return ((Reading.Settled<?>) requests.read(work(payload))).outcome();
  }

  private static Work work(byte[] payload) {
    return new Work(
        Capability.TOKENIZE,
        "gpt-4",
        Lane.INTERACTIVE,
        "",
        Instant.MAX,
        Duration.ofSeconds(60),
        "asked for",
        ChatOptions.defaults(),
        payload,
        null,
        null);
  }

  private static List<Object> items(Outcome outcome) {
    return Codec.of(TokenizeReply.class, SchemaIds.derived())
        .decode(((Outcome.Answered) outcome).payload())
        .getItems();
  }

  @Test
  void read_moreTokensThanAReplyHolds_isRefusedSayingHowMuchAndWhatToDo() {
    List<String> book = List.of(SQUIRRELS.repeat(100_000));

    InferenceError error = ((Outcome.Rejected) outcome(true, book)).error();
    assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(error.details()).containsEntry("limit", Integer.toString(Limits.REPLY_BYTES));
    assertThat(Long.parseLong(String.valueOf(error.details().get("bytes"))))
        .isGreaterThan(Limits.REPLY_BYTES);
    assertThat(error.message())
        .endsWith(
            "and may have 3145728; ask for counts without the tokens, or for fewer or shorter texts"
                + " at once.");

    assertThat(((Tokens) items(outcome(false, book)).getFirst()).getCount()).isGreaterThan(200_000);
  }

  /** What a client cuts its records to. */
  @Test
  void read_64Ki_ofTheWorstCharacters_fitsIntoAReply() {
    List<String> texts = Collections.nCopies(32, SQUIRRELS.repeat(64 * 1024 / 32 / 3));

    assertThat(items(outcome(true, texts))).hasSize(32);
  }
}
