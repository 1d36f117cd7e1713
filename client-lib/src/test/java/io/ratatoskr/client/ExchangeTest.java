package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliScores;
import io.ratatoskr.schemas.wire.Text;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Which records a call becomes, and what its replies are read as. */
class ExchangeTest {
  private static final Codec<io.ratatoskr.schemas.wire.NliRequest> NLI =
      Codec.of(io.ratatoskr.schemas.wire.NliRequest.class, SchemaIds.derived());
  private static final Codec<io.ratatoskr.schemas.wire.ClassifyRequest> CLASSIFY =
      Codec.of(io.ratatoskr.schemas.wire.ClassifyRequest.class, SchemaIds.derived());
  private static final Codec<io.ratatoskr.schemas.wire.TokenizeRequest> TOKENIZE =
      Codec.of(io.ratatoskr.schemas.wire.TokenizeRequest.class, SchemaIds.derived());
  private static final InferenceError EMPTY =
      InferenceError.invalidInput("the hypothesis is empty");

  private static NliRequest.Pair pair(int number) {
    return new NliRequest.Pair("candidate " + number, "query");
  }

  private static BatchCall<NliRequest, NliRequest.Pair, NliReply.ItemOutcome, NliReply> nli(
      NliRequest request) {
    return new BatchCall<>(new NliExchange(SchemaIds.derived()), request);
  }

  private static List<io.ratatoskr.schemas.wire.NliRequest> nliRecords(NliRequest request) {
    return nli(request).encode().stream().map(NLI::decode).toList();
  }

  private static <T extends SpecificRecord> RecordOutcome answer(Class<T> type, T payload) {
    return new ReplyReading(SchemaIds.derived())
        .outcome(
            RequestId.next(Clock.systemUTC(), new Random(1)),
            EchoRouter.answer(type, payload),
            new RecordHeaders(),
            0);
  }

  @Test
  void nli_sideInCommon_travelsOnceARecord() {
    List<NliRequest.Pair> pairs = IntStream.range(0, 100).mapToObj(ExchangeTest::pair).toList();

    List<io.ratatoskr.schemas.wire.NliRequest> records = nliRecords(NliRequest.of("m", pairs));

    assertThat(records)
        .extracting(record -> record.getItems().size())
        .containsExactly(32, 32, 32, 4);
    assertThat(records)
        .allSatisfy(record -> {
          assertThat(record.getSharedPremise()).isNull();
          assertThat(((Text) record.getSharedHypothesis().getContent()).getText())
              .isEqualTo("query");
          assertThat(record.getItems()).extracting(NliPair::getHypothesis).containsOnlyNulls();
          assertThat(record.getItems()).extracting(NliPair::getPremise).doesNotContainNull();
        });
  }

  @Test
  void nli_noSideInCommon_eachPairHasBoth() {
    io.ratatoskr.schemas.wire.NliRequest record =
        nliRecords(
                NliRequest.of(
                    "m", List.of(new NliRequest.Pair("a", "b"), new NliRequest.Pair("c", "d"))))
            .get(0);

    assertThat(record.getSharedPremise()).isNull();
    assertThat(record.getSharedHypothesis()).isNull();
    assertThat(record.getItems())
        .allSatisfy(pair -> {
          assertThat(pair.getPremise()).isNotNull();
          assertThat(pair.getHypothesis()).isNotNull();
        });
  }

  @Test
  void nli_cacheOn_isOneRecordAPair_ofTheSameBytesWhereverItStands() {
    RequestOptions cached = RequestOptions.defaults().withCache(CacheMode.ON);
    NliRequest two = NliRequest.of("m", List.of(pair(1), pair(2))).withOptions(cached);
    NliRequest one = NliRequest.of("m", List.of(pair(2))).withOptions(cached);

    assertThat(nli(two).encode()).hasSize(2);
    assertThat(nli(two).encode().get(1)).isEqualTo(nli(one).encode().get(0));
  }

  @Test
  void nli_aLongQueryShared_isNotTooLarge() {
    String query = "q".repeat(Limits.REQUEST_BYTES / 8);
    List<NliRequest.Pair> pairs =
        IntStream.range(0, 64).mapToObj(i -> new NliRequest.Pair("p" + i, query)).toList();

    assertThat(nli(NliRequest.of("m", pairs)).encode()).hasSize(2);
  }

  @Test
  void nli_recordThatFailed_isTheOutcomeOfEachOfItsPairs() {
    List<NliRequest.Pair> pairs = IntStream.range(0, 34).mapToObj(ExchangeTest::pair).toList();
    var call = nli(NliRequest.of("m", pairs));
    InferenceError full = InferenceError.overloaded("full");

    Calls.end(call, 1, ReplyReading.failure(full));
    Calls.end(
        call,
        0,
        answer(
            io.ratatoskr.schemas.wire.NliReply.class,
            new io.ratatoskr.schemas.wire.NliReply(
                "m",
                new ArrayList<>(
                    Collections.nCopies(
                        32, new NliScores(0.75f, null, 0.25f, NliLabel.ENTAILMENT, 9, 8, true))))));

    List<NliReply.ItemOutcome> items = call.reply().join().items();
    assertThat(items).hasSize(34);
    assertThat(items.subList(0, 32))
        .containsOnly(
            new NliReply.Scored(
                0.75, OptionalDouble.empty(), 0.25, NliReply.Label.ENTAILMENT, 9, 8, true));
    assertThat(items.subList(32, 34)).containsOnly(new NliReply.Failed(full));
  }

  @Test
  void nli_pairThatFailed_failsAlone() {
    var call = nli(NliRequest.of("m", List.of(pair(1), new NliRequest.Pair("a", ""))));
    Calls.end(
        call,
        0,
        answer(
            io.ratatoskr.schemas.wire.NliReply.class,
            new io.ratatoskr.schemas.wire.NliReply(
                "m",
                List.of(
                    new NliScores(0.1f, 0.8f, 0.1f, NliLabel.NEUTRAL, 9, 9, false),
                    EMPTY.toWire()))));

    NliReply reply = call.reply().join();
    assertThat(reply.items().get(0)).isInstanceOf(NliReply.Scored.class);
    assertThat(reply.items().get(1)).isEqualTo(new NliReply.Failed(EMPTY));
    assertThatThrownBy(reply::scores).isInstanceOf(RequestFailedException.class);
    assertThatThrownBy(reply::score).isInstanceOf(IllegalStateException.class);
  }

  private static List<io.ratatoskr.schemas.wire.ClassifyRequest> classifyRecords(
      int texts, int labels) {
    ClassifyRequest request =
        ClassifyRequest.of(
            "m",
            Collections.nCopies(texts, "text"),
            IntStream.range(0, labels).mapToObj(i -> "label " + i).toList());
    return new BatchCall<>(new ClassifyExchange(SchemaIds.derived()), request)
        .encode().stream().map(CLASSIFY::decode).toList();
  }

  @Test
  void classify_isCutByTextsTimesLabels() {
    assertThat(classifyRecords(10, 10))
        .extracting(record -> record.getItems().size())
        .containsExactly(6, 4);
    assertThat(classifyRecords(3, Limits.LABELS)).hasSize(3);
    assertThat(classifyRecords(256, 1)).hasSize(8);
  }

  @Test
  void classify_replyOfOtherLabels_isRefused() {
    var call =
        new BatchCall<>(
            new ClassifyExchange(SchemaIds.derived()),
            ClassifyRequest.of("m", "t", List.of("a", "b")));
    Calls.end(
        call,
        0,
        answer(
            io.ratatoskr.schemas.wire.ClassifyReply.class,
            new io.ratatoskr.schemas.wire.ClassifyReply(
                "m",
                List.of("b", "a"),
                List.of(new LabelScores(List.of(0.5f, 0.5f), 3, 3, false)))));

    assertThatThrownBy(call.reply()::join).hasMessageContaining("labels are not those");
  }

  @Test
  void classify_top_isTheFirstOfTheHighest() {
    ClassifyReply.Scored scored =
        new ClassifyReply.Scored(
            List.of(
                new ClassifyReply.LabelScore("a", 0.2),
                new ClassifyReply.LabelScore("b", 0.4),
                new ClassifyReply.LabelScore("c", 0.4)),
            3,
            3,
            false);

    assertThat(scored.top().label()).isEqualTo("b");
    assertThat(scored.ranked())
        .extracting(ClassifyReply.LabelScore::label)
        .containsExactly("b", "c", "a");
  }

  @Test
  void tokenize_withTokens_isCutSoThatEachReplyFits() {
    String page = "x".repeat(30_000);
    String book = "x".repeat(200_000);
    TokenizeRequest counts = TokenizeRequest.of("m", page, page, page, book, page);

    assertThat(new BatchCall<>(new TokenizeExchange(SchemaIds.derived()), counts).encode())
        .hasSize(1);
    assertThat(tokenizeRecords(counts.withDetail(true)))
        .extracting(record -> record.getItems().size())
        .containsExactly(2, 1, 1, 1);
    assertThat(
            tokenizeRecords(TokenizeRequest.of("m", Collections.nCopies(70, "x")).withDetail(true)))
        .extracting(record -> record.getItems().size())
        .containsExactly(32, 32, 6);
  }

  private static List<io.ratatoskr.schemas.wire.TokenizeRequest> tokenizeRecords(
      TokenizeRequest request) {
    return new BatchCall<>(new TokenizeExchange(SchemaIds.derived()), request)
        .encode().stream().map(TOKENIZE::decode).toList();
  }

  @Test
  void requests_thatCannotBeRight_areRefusedNamingWhat() {
    List<String> many = IntStream.rangeClosed(0, Limits.LABELS).mapToObj(i -> "l" + i).toList();
    assertRefused(() -> ClassifyRequest.of("m", "t", List.of()), "labels: 1 to 1024");
    assertRefused(() -> ClassifyRequest.of("m", "t", many), "labels: 1 to 1024");
    assertRefused(
        () -> ClassifyRequest.of("m", "t", List.of("a", "b", "a")), "\"a\" is given twice");
    assertRefused(() -> ClassifyRequest.of("m", "t", List.of("a", " ")), "labels: one is empty");
    assertRefused(
        () -> ClassifyRequest.of("m", "t", List.of("a")).withTemplate("about"),
        "template: has no {} where the label goes");
    assertRefused(() -> ClassifyRequest.of("m", List.of(), List.of("a")), "texts: 1 to 256");
    assertRefused(() -> NliRequest.of("m", List.of()), "pairs: 1 to 256");
    assertRefused(() -> NliRequest.of(" ", "p", "h"), "model: name one");
    assertRefused(() -> NliRequest.of("m", Collections.nCopies(257, pair(1))), "pairs: 1 to 256");
    assertRefused(() -> StanceRequest.of("m", List.of()), "items: 1 to 256");
    assertRefused(() -> TokenizeRequest.of("m", List.of()), "texts: 1 to 256");
  }

  private static void assertRefused(Runnable making, String named) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
