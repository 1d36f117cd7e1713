package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.ClientClosedException;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.retrieval.Corpora.Doc;
import io.ratatoskr.retrieval.RetrievalException.Closed;
import io.ratatoskr.retrieval.RetrievalException.SpaceMismatch;
import io.ratatoskr.retrieval.RetrievalException.TooManyQueries;
import io.ratatoskr.retrieval.StageTimes.Stage;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.PairTruncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The class against a pipeline in memory. */
@Timeout(180)
class TwoStageRetrievalIT {
  private static final RetrievalConfig CONFIG =
      RetrievalConfig.of("e", "n")
          .withJudging(Judging.ALWAYS)
          .withPolicy(Policy.NOT_CONTRADICTED, 0.5)
          .withNliWeight(0.5);
  private static final int DOCS = 200;

  @TempDir private Path folder;
  private final FakePipeline pipeline = new FakePipeline();
  private CorpusIndex index;

  @BeforeEach
  void setUp() throws IOException {
    List<Doc> docs = new ArrayList<>();
    docs.add(new Doc("yes", "ash trees are tall"));
    docs.add(new Doc("no", "ash trees are not that: ash trees are tall"));
    docs.add(new Doc("odd", "ash is odd"));
    docs.add(new Doc("long", "ash " + "and so on ".repeat(30)));
    IntStream.range(0, DOCS).forEach(i -> docs.add(new Doc("elm" + i, "elm number " + i)));
    index = open(docs);
  }

  private CorpusIndex open(List<Doc> docs) throws IOException {
    Path place = Files.createTempDirectory(folder, "corpus");
    return CorpusIndex.open(
        CorpusConfig.of(Corpora.vectors(place, docs), Corpora.texts(place, docs)), _ -> {});
  }

  @AfterEach
  void tearDown() {
    index.close();
  }

  private TwoStageRetrieval retrieval(RetrievalConfig config) {
    return TwoStageRetrieval.open(pipeline, index, config).join();
  }

  private static Query query(String text) {
    return new Query("q", text);
  }

  private static List<String> ids(Retrieval retrieval) {
    return retrieval.hits().stream().map(hit -> hit.candidate().id()).toList();
  }

  @Test
  void keepsWhatIsNearAndNotContradicted_entailedFirst_unjudgedLast() {
    pipeline.failingPairs(TwoStageRetrievalIT::odd);
    try (TwoStageRetrieval retrieval = retrieval(CONFIG.withTop(4, 4))) {
      Retrieval found = retrieval.retrieve(query("ash trees are tall")).join();

      assertThat(ids(found)).containsExactly("yes", "long", "odd");
      assertThat(found.candidates()).isEqualTo(4);
      assertThat(found.unjudged()).isEqualTo(1);
      assertThat(found.hits().get(1).judgement())
          .isInstanceOfSatisfying(
              Judgement.Judged.class, judged -> assertThat(judged.truncated()).isTrue());
      assertThat(found.hits().get(2).judgement())
          .isEqualTo(new Judgement.Unjudged(InferenceError.invalidInput("odd")));
      assertThat(found.timings().total()).isPositive();
    }
  }

  private static Optional<InferenceError> odd(NliRequest.Pair pair) {
    return pair.premise().contains("odd")
        ? Optional.of(InferenceError.invalidInput("odd"))
        : Optional.empty();
  }

  @Test
  void claimsAreJudged_andOtherQueriesKeepTheOrderOfTheFirstStage() {
    try (TwoStageRetrieval retrieval = retrieval(RetrievalConfig.of("e", "n").withTop(4, 4))) {
      pipeline.nliRequests().clear();
      Retrieval question = retrieval.retrieve(query("ash trees are what?")).join();

      assertThat(question.judged()).isFalse();
      assertThat(question.unjudged()).isZero();
      assertThat(pipeline.nliRequests()).isEmpty();
      assertThat(question.hits())
          .hasSize(4)
          .isSortedAccordingTo(
              java.util.Comparator.comparingDouble((Hit hit) -> -hit.candidate().cosine()))
          .allSatisfy(hit -> assertThat(hit.score()).isEqualTo(hit.candidate().cosine()));

      Retrieval claim = retrieval.retrieve(query("Ash trees are tall.")).join();
      assertThat(claim.judged()).isTrue();
      assertThat(pipeline.nliRequests()).hasSize(1);
    }
  }

  @Test
  void theNliModelIsNotAskedAtAll_whereNothingIsJudged() {
    try (TwoStageRetrieval retrieval =
        retrieval(RetrievalConfig.of("e", "n").withJudging(Judging.NEVER))) {
      assertThat(retrieval.retrieve(query("Ash trees are tall.")).join().judged()).isFalse();
      assertThat(pipeline.nliRequests()).isEmpty();
    }
  }

  @Test
  void entailedOnly_whereAskedFor() {
    pipeline.failingPairs(TwoStageRetrievalIT::odd);
    try (TwoStageRetrieval retrieval =
        retrieval(CONFIG.withTop(50, 10).withPolicy(Policy.ENTAILED, 0.5))) {
      assertThat(ids(retrieval.retrieve(query("ash trees are tall")).join()))
          .containsExactly("yes", "odd");
    }
  }

  @Test
  void candidatesTravelInRecordsOfAtMost32_withTheQueryAsHypothesis() {
    try (TwoStageRetrieval retrieval = retrieval(CONFIG.withTop(100, 10))) {
      pipeline.nliRequests().clear();
      pipeline.embedRequests().clear();
      retrieval.retrieve(query("elm number 7")).join();

      assertThat(pipeline.embedRequests())
          .singleElement()
          .satisfies(request -> assertThat(request.inputType()).isEqualTo(InputType.QUERY));
      assertThat(pipeline.nliRequests())
          .extracting(request -> request.pairs().size())
          .containsExactly(32, 32, 32, 4);
      assertThat(pipeline.nliRequests())
          .allSatisfy(request -> {
            assertThat(request.truncation()).isEqualTo(PairTruncation.LONGEST_FIRST);
            assertThat(request.pairs())
                .extracting(NliRequest.Pair::hypothesis)
                .containsOnly("elm number 7");
          });
    }
  }

  @Test
  void aFailedRecord_leavesItsCandidatesUnjudged_andTheOthersJudged() {
    pipeline.failingNli(request ->
        request.pairs().size() == 4
            ? Optional.of(
                new RequestFailedException(InferenceError.modelNotAvailable("n", "no memory")))
            : Optional.empty());
    try (TwoStageRetrieval retrieval = retrieval(CONFIG.withTop(100, 100))) {
      Retrieval found = retrieval.retrieve(query("elm number 7")).join();

      assertThat(found.hits()).hasSize(100);
      assertThat(found.unjudged()).isEqualTo(4);
      assertThat(found.hits().subList(96, 100))
          .allSatisfy(hit -> assertThat(hit.judgement()).isInstanceOf(Judgement.Unjudged.class));
    }
  }

  @Test
  void aPipelineThatIsGone_failsTheQuery() {
    try (TwoStageRetrieval retrieval = retrieval(CONFIG)) {
      pipeline.failingNli(_ -> Optional.of(new ClientClosedException()));
      assertThatThrownBy(() -> retrieval.retrieve(query("ash")).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(ClientClosedException.class);
    }
  }

  @Test
  void aQueryThatCannotBeEmbedded_failsAlone() {
    try (TwoStageRetrieval retrieval = retrieval(CONFIG)) {
      CompletableFuture<Retrieval> empty = retrieval.retrieve(query(" \n"));
      CompletableFuture<Retrieval> tooLong = retrieval.retrieve(query("ash poison"));
      CompletableFuture<Retrieval> good = retrieval.retrieve(query("ash trees are tall"));

      assertThat(good.join().hits()).isNotEmpty();
      assertThatThrownBy(empty::join)
          .hasRootCauseInstanceOf(RequestFailedException.class)
          .hasMessageContaining("the query is empty");
      assertThatThrownBy(tooLong::join).hasMessageContaining("too long");
    }
  }

  @Test
  void anEmptyCorpus_hasNoHits() throws IOException {
    try (CorpusIndex empty = open(List.of());
        TwoStageRetrieval retrieval = TwoStageRetrieval.open(pipeline, empty, CONFIG).join()) {
      Retrieval found = retrieval.retrieve(query("ash")).join();

      assertThat(found.hits()).isEmpty();
      assertThat(found.candidates()).isZero();
    }
  }

  @Test
  void anotherSpace_isRefusedBeforeAnyQuery_namingBoth() {
    pipeline.inSpace("space-2");

    assertThatThrownBy(() -> TwoStageRetrieval.open(pipeline, index, CONFIG).join())
        .cause()
        .isInstanceOfSatisfying(
            SpaceMismatch.class,
            mismatch -> {
              assertThat(mismatch.corpusSpace()).isEqualTo("space-1");
              assertThat(mismatch.querySpace()).isEqualTo("space-2");
            })
        .hasMessageContaining("space-1")
        .hasMessageContaining("space-2");
  }

  @Test
  void aModelThatCannotBeServed_isRefusedBeforeAnyQuery() {
    pipeline.failingNli(_ ->
        Optional.of(
            new RequestFailedException(InferenceError.modelNotFound("n", "no such model"))));

    assertThatThrownBy(() -> TwoStageRetrieval.open(pipeline, index, CONFIG).join())
        .hasRootCauseInstanceOf(RequestFailedException.class)
        .hasMessageContaining("no such model");
  }

  @Test
  void thousandsOfQueries_areAnswered_noMoreUnderWayThanAllowed_andEmbeddedInBatches() {
    try (TwoStageRetrieval retrieval = retrieval(CONFIG.withTop(5, 3).withInFlight(50, 100_000))) {
      CompletableFuture<Void> gate = new CompletableFuture<>();
      pipeline.holdNli(gate);
      pipeline.embedRequests().clear();
      pipeline.nliRequests().clear();
      List<CompletableFuture<Retrieval>> answers = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        answers.add(retrieval.retrieve(new Query("q" + i, "elm number " + i % DOCS)));
      }
      Awaitility.await().until(() -> pipeline.nliRequests().size() == 50);
      assertThat(answers).noneMatch(CompletableFuture::isDone);
      gate.complete(null);

      for (int i = 0; i < answers.size(); i++) {
        Retrieval found = answers.get(i).join();
        assertThat(found.query().id()).isEqualTo("q" + i);
        assertThat(ids(found)).first().isEqualTo("elm" + i % DOCS);
      }
      assertThat(pipeline.embedRequests().size()).isLessThan(5_000);
      assertThat(pipeline.embedRequests())
          .allSatisfy(request -> assertThat(request.texts().size()).isBetween(1, 32));
      assertThat(retrieval.times().summary(Stage.JUDGE).queries()).isEqualTo(5_000);
      assertThat(retrieval.times().overlap(Duration.ofSeconds(1))).isPositive();
    }
  }

  @Test
  void queriesAreEmbedded_howeverManyRecordsWaitToBeJudged() {
    int queries = 100;
    int records = queries * 7;
    try (TwoStageRetrieval retrieval =
        retrieval(CONFIG.withTop(DOCS, 3).withInFlight(queries, 0))) {
      CompletableFuture<Void> gate = new CompletableFuture<>();
      pipeline.holdNli(gate);
      pipeline.embedRequests().clear();
      pipeline.nliRequests().clear();
      List<CompletableFuture<Retrieval>> answers =
          IntStream.range(0, queries)
              .mapToObj(i -> retrieval.retrieve(query("elm number " + i)))
              .toList();

      Awaitility.await().until(() -> retrieval.times().summary(Stage.SEARCH).queries() == queries);
      assertThat(answers).noneMatch(CompletableFuture::isDone);
      Awaitility.await().until(() -> pipeline.nliRequests().size() == Judge.RECORDS);
      gate.complete(null);

      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.join().candidates()).isEqualTo(DOCS));
      assertThat(pipeline.nliRequests()).hasSize(records);
    }
  }

  @Test
  void whatFindsNoRoom_isRefused_andACancelledQueryMakesRoom() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    try (TwoStageRetrieval retrieval = retrieval(CONFIG.withInFlight(1, 1))) {
      pipeline.holdEmbed(gate);
      CompletableFuture<Retrieval> underWay = retrieval.retrieve(query("ash"));
      CompletableFuture<Retrieval> waits = retrieval.retrieve(query("ash"));
      assertThatThrownBy(() -> retrieval.retrieve(query("ash")).join())
          .hasCauseInstanceOf(TooManyQueries.class);

      waits.cancel(false);
      gate.complete(null);
      assertThat(underWay.join().hits()).isNotEmpty();
      assertThat(retrieval.retrieve(query("ash")).join().hits()).isNotEmpty();
    }
  }

  @Test
  void closing_failsWhatIsOpen() {
    TwoStageRetrieval retrieval = retrieval(CONFIG.withInFlight(1, 10));
    pipeline.holdEmbed(new CompletableFuture<>());
    CompletableFuture<Retrieval> underWay = retrieval.retrieve(query("ash"));
    CompletableFuture<Retrieval> waits = retrieval.retrieve(query("ash"));
    retrieval.close();

    assertThatThrownBy(underWay::join).hasCauseInstanceOf(Closed.class);
    assertThatThrownBy(waits::join).hasCauseInstanceOf(Closed.class);
    assertThatThrownBy(() -> retrieval.retrieve(query("ash")).join())
        .hasCauseInstanceOf(Closed.class);
  }
}
