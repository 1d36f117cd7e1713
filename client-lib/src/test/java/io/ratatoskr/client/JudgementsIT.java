package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.PairTruncation;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.NliScores;
import io.ratatoskr.schemas.wire.StanceLabel;
import io.ratatoskr.schemas.wire.StanceReply;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.StanceScores;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.Token;
import io.ratatoskr.schemas.wire.TokenizeReply;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.schemas.wire.Tokens;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** NLI, classification, stance and tokens over a real broker. */
@WithKafka
class JudgementsIT {
  private static final List<Capability> CAPABILITIES =
      List.of(Capability.NLI, Capability.CLASSIFY, Capability.STANCE, Capability.TOKENIZE);

  private ClientConfig config;

  @BeforeEach
  void topics(TestKafka kafka) {
    config = EchoRouter.config(kafka, CAPABILITIES);
  }

  private EchoRouter router() throws InterruptedException {
    return new EchoRouter(config, CAPABILITIES, JudgementsIT::answer);
  }

  /** Answers that depend on the lengths of what was asked. */
  private static List<byte[]> answer(EchoRouter.Seen seen) {
    Object request = seen.request();
    if (request instanceof NliRequest nli) {
      List<Object> items =
          nli.getItems().stream()
              .<Object>map(pair ->
                  new NliScores(
                      1f / text(pair.getPremise().getContent()).length(),
                      0.25f,
                      0.5f,
                      NliLabel.CONTRADICTION,
                      7,
                      6,
                      nli.getTruncation() == PairTruncation.LONGEST_FIRST))
              .toList();
      return List.of(EchoRouter.answer(NliReply.class, new NliReply("echo", items)));
    }
    if (request instanceof ClassifyRequest classify) {
      List<Float> scores =
          IntStream.range(0, classify.getLabels().size())
              .mapToObj(i -> i == 1 ? 0.75f : 0.25f)
              .toList();
      return List.of(
          EchoRouter.answer(
              ClassifyReply.class,
              new ClassifyReply(
                  "echo",
                  classify.getLabels(),
                  classify.getItems().stream()
                      .<Object>map(item -> new LabelScores(scores, 5, 5, false))
                      .toList())));
    }
    if (request instanceof StanceRequest stance) {
      return List.of(
          EchoRouter.answer(
              StanceReply.class,
              new StanceReply(
                  "echo",
                  stance.getItems().stream()
                      .<Object>map(item ->
                          new StanceScores(0.25f, 0.5f, 0.25f, StanceLabel.AGAINST, 4, 4, false))
                      .toList())));
    }
    TokenizeRequest tokenize = (TokenizeRequest) request;
    return List.of(
        EchoRouter.answer(
            TokenizeReply.class,
            new TokenizeReply(
                "echo",
                true,
                tokenize.getItems().stream()
                    .<Object>map(item ->
                        new Tokens(
                            2,
                            tokenize.getDetail()
                                ? List.of(new Token(1, "a", 0, 1), new Token(2, "é", 1, 3))
                                : List.of()))
                    .toList())));
  }

  private static String text(Object content) {
    return ((Text) content).getText();
  }

  @Test
  void nli_manyPairs_areRecordsOfAtMost32_joinedInOrder() throws Exception {
    List<io.ratatoskr.client.NliRequest.Pair> pairs =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> new io.ratatoskr.client.NliRequest.Pair("x".repeat(i), "query"))
            .toList();
    try (EchoRouter router = router();
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      io.ratatoskr.client.NliReply reply =
          client
              .nli(
                  io.ratatoskr.client.NliRequest.of("echo", pairs)
                      .withTruncation(PairTruncation.LONGEST_FIRST))
              .join();

      assertThat(reply.scores())
          .extracting(scored -> (float) scored.entailment())
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).mapToObj(i -> 1f / i).toList());
      assertThat(reply.scores().getFirst())
          .extracting(
              io.ratatoskr.client.NliReply.Scored::label,
              io.ratatoskr.client.NliReply.Scored::tokens,
              io.ratatoskr.client.NliReply.Scored::usedTokens,
              io.ratatoskr.client.NliReply.Scored::truncated)
          .containsExactly(io.ratatoskr.client.NliReply.Label.CONTRADICTION, 7, 6, true);
      assertThat(router.seen()).hasSize(4);
      assertThat(router.seen().stream().map(EchoRouter.Seen::key).distinct()).hasSize(4);
    }
  }

  @Test
  void classify_stance_tokenize_areAnswered() throws Exception {
    try (EchoRouter router = router();
        KafkaRatatoskr client = KafkaRatatoskr.connect(config)) {

      assertThat(
              client
                  .classify(
                      io.ratatoskr.client.ClassifyRequest.of("echo", "text", List.of("a", "b")))
                  .join()
                  .score()
                  .top())
          .isEqualTo(new io.ratatoskr.client.ClassifyReply.LabelScore("b", 0.75));
      assertThat(
              client
                  .stance(io.ratatoskr.client.StanceRequest.of("echo", "text", "target"))
                  .join()
                  .score()
                  .label())
          .isEqualTo(io.ratatoskr.client.StanceReply.Label.AGAINST);
      io.ratatoskr.client.TokenizeReply tokens =
          client
              .tokenize(io.ratatoskr.client.TokenizeRequest.of("echo", "aé").withDetail(true))
              .join();
      assertThat(tokens.approximate()).isTrue();
      assertThat(tokens.count())
          .isEqualTo(
              new io.ratatoskr.client.TokenizeReply.Counted(
                  2,
                  List.of(
                      new io.ratatoskr.client.TokenizeReply.Token(1, "a", 0, 1),
                      new io.ratatoskr.client.TokenizeReply.Token(2, "é", 1, 3))));
      assertThat(router.seen()).hasSize(3);
    }
  }
}
