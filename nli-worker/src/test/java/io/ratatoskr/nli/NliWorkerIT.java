package io.ratatoskr.nli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.onnx.PairClassifier;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.PairTruncation;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliPair;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.NliScores;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.StanceItem;
import io.ratatoskr.schemas.wire.StanceLabel;
import io.ratatoskr.schemas.wire.StanceReply;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.StanceScores;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.TokenizeReply;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import io.ratatoskr.schemas.wire.Tokens;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.TestPool;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@WithKafka(ownBroker = true)
class NliWorkerIT {
  private static final String MODEL = "nli-minilm-l6";
  private static final String PREMISE =
      "The service restarted after the operator applied a change.";
  private static final String FOLLOWS = "The service was restarted.";
  private static final String AGAINST = "The service was never restarted.";

  private static ModelEngine<PairClassifier> engine;
  private TestPool pool;

  @BeforeAll
  static void load() {
    engine = NliEngine.start(NliConfig.of(MODEL), SchemaIds.derived()).awaitLoaded();
  }

  @AfterAll
  static void free() {
    engine.close();
  }

  @BeforeEach
  void createPool(TestKafka kafka) {
    pool = new TestPool(kafka);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  private Worker start(WorkerConfig.QueueChoice queue) {
    return Worker.start(pool.config(queue), engine, new SimpleMeterRegistry());
  }

  private <Q extends SpecificRecord> Object outcome(
      String name, String capability, Class<Q> type, Q request) {
    return outcome(name, capability, MODEL, type, request);
  }

  private <Q extends SpecificRecord> Object outcome(
      String name, String capability, String model, Class<Q> type, Q request) {
    send(Lane.INTERACTIVE, name, capability, model, type, request);
    return pool.awaitOutcome(name);
  }

  private <Q extends SpecificRecord> void send(
      Lane lane, String name, String capability, String model, Class<Q> type, Q request) {
    pool.send(
        lane,
        name,
        pool.item(name)
            .setCapability(capability)
            .setModel(model)
            .setPayload(ByteBuffer.wrap(Codec.of(type, SchemaIds.derived()).encode(request)))
            .build());
  }

  private static <R extends SpecificRecord> R reply(Class<R> type, Object outcome) {
    assertThat(outcome).isInstanceOf(Answered.class);
    return Codec.of(type, SchemaIds.derived()).decode(((Answered) outcome).getPayload());
  }

  private static ErrorRecord rejection(Object outcome) {
    assertThat(outcome).isInstanceOf(Rejected.class);
    return ((Rejected) outcome).getError();
  }

  private static Item item(String text) {
    return new Item(new Text(text));
  }

  private static NliRequest nli(String premise, String... hypotheses) {
    return new NliRequest(
        PairTruncation.ERROR,
        item(premise),
        null,
        Arrays.stream(hypotheses).map(each -> new NliPair(null, item(each))).toList());
  }

  private static ClassifyRequest classify(boolean multi, List<String> labels, String... texts) {
    return new ClassifyRequest(
        PairTruncation.ERROR,
        labels,
        "This text is about {}.",
        multi,
        Arrays.stream(texts).map(NliWorkerIT::item).toList());
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkerConfig.QueueChoice.class,
      names = {"SHARED", "CLAIMED"})
  void worker_requestsBeforeAndAfterItJoinedOnBothLanes_answersEach(
      WorkerConfig.QueueChoice queue) {
    List<String> names = IntStream.range(0, 40).mapToObj(i -> "request " + i).toList();
    for (String name : names.subList(0, 20)) {
      send(Lane.BULK, name, "nli", MODEL, NliRequest.class, nli(PREMISE, FOLLOWS, AGAINST, name));
    }
    try (Worker worker = start(queue)) {
      for (String name : names.subList(20, 40)) {
        send(
            Lane.INTERACTIVE,
            name,
            "nli",
            MODEL,
            NliRequest.class,
            nli(PREMISE, FOLLOWS, AGAINST, name));
      }
      pool.awaitOutcomes(names);

      for (String name : names) {
        assertThat(pool.outcomesOf(name)).hasSize(1);
        NliReply reply = reply(NliReply.class, pool.awaitOutcome(name));
        assertThat(reply.getItems()).hasSize(3);
        assertThat(((NliScores) reply.getItems().get(0)).getLabel()).isEqualTo(NliLabel.ENTAILMENT);
        assertThat(((NliScores) reply.getItems().get(1)).getLabel())
            .isEqualTo(NliLabel.CONTRADICTION);
      }
      assertThat(worker.shared()).isEqualTo(queue == WorkerConfig.QueueChoice.SHARED);
    }
  }

  @Test
  void nli_pairsOfEitherForm_sameProbabilitiesAndWhoGaveThem() {
    NliRequest apart =
        new NliRequest(
            PairTruncation.ERROR, null, null, List.of(new NliPair(item(PREMISE), item(FOLLOWS))));
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      Answered answered =
          (Answered) outcome("shared", "nli", NliRequest.class, nli(PREMISE, FOLLOWS));
      NliScores one = (NliScores) reply(NliReply.class, answered).getItems().getFirst();
      NliScores other =
          (NliScores)
              reply(NliReply.class, outcome("apart", "nli", NliRequest.class, apart))
                  .getItems()
                  .getFirst();

      assertThat(one).isEqualTo(other);
      assertThat(one.getEntailment() + one.getNeutral() + one.getContradiction())
          .isCloseTo(1f, within(1e-5f));
      assertThat(one.getTokens()).isEqualTo(one.getUsedTokens()).isBetween(15, 22);
      assertThat(answered.getProvenance().getProvider()).isEqualTo("onnx");
      assertThat(answered.getProvenance().getModel()).isEqualTo(MODEL);
      assertThat(answered.getProvenance().getRevision()).isNotEmpty();
      assertThat(answered.getProvenance().getWorker()).isEqualTo(worker.id());
    }
  }

  @Test
  void nli_badPairsAmongGoodOnes_failAlone() {
    String tooLong = "word ".repeat(600);
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      NliReply reply =
          reply(
              NliReply.class,
              outcome(
                  "mixed", "nli", NliRequest.class, nli(PREMISE, FOLLOWS, " ", tooLong, AGAINST)));

      assertThat(worker.id()).isNotEmpty();
      assertThat(reply.getItems().get(0)).isInstanceOf(NliScores.class);
      ErrorRecord empty = (ErrorRecord) reply.getItems().get(1);
      assertThat(empty.getCode()).isEqualTo("InvalidInput");
      assertThat(empty.getMessage()).isEqualTo("The hypothesis is empty.");
      ErrorRecord exceeded = (ErrorRecord) reply.getItems().get(2);
      assertThat(exceeded.getCode()).isEqualTo("ContextLengthExceeded");
      assertThat(exceeded.getDetails()).containsEntry("limit", "512");
      assertThat(reply.getItems().get(3)).isInstanceOf(NliScores.class);

      NliRequest cut =
          NliRequest.newBuilder(nli(PREMISE, tooLong))
              .setTruncation(PairTruncation.LONGEST_FIRST)
              .build();
      NliScores scores =
          (NliScores)
              reply(NliReply.class, outcome("cut", "nli", NliRequest.class, cut))
                  .getItems()
                  .getFirst();
      assertThat(scores.getTruncated()).isTrue();
      assertThat(scores.getUsedTokens()).isEqualTo(512);
    }
  }

  @Test
  void nli_malformedRequests_areRejectedSayingWhy() {
    NliRequest neither =
        new NliRequest(PairTruncation.ERROR, null, null, List.of(new NliPair(item(PREMISE), null)));
    NliRequest both =
        new NliRequest(
            PairTruncation.ERROR,
            item("x"),
            null,
            List.of(new NliPair(item(PREMISE), item(FOLLOWS))));
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      assertThat(worker.id()).isNotEmpty();
      assertThat(rejection(outcome("neither", "nli", NliRequest.class, neither)).getMessage())
          .startsWith("Pair 1: premise and hypothesis must each be given once");
      assertThat(rejection(outcome("both", "nli", NliRequest.class, both)).getCode())
          .isEqualTo("InvalidInput");
      assertThat(rejection(outcome("none", "nli", NliRequest.class, nli(PREMISE))).getMessage())
          .contains("1 to 32 items, this one 0");
      String[] many = Collections.nCopies(33, FOLLOWS).toArray(String[]::new);
      assertThat(
              rejection(outcome("many", "nli", NliRequest.class, nli(PREMISE, many))).getMessage())
          .contains("1 to 32 items, this one 33");
      ErrorRecord error = rejection(outcome("x", "nli", "bart", NliRequest.class, nli("a", "b")));
      assertThat(error.getCode()).isEqualTo("ModelNotFound");
      assertThat(error.getMessage()).contains(MODEL);
    }
  }

  @Test
  void classify_labels_scoresInTheirOrder() {
    List<String> labels = List.of("cooking", "sports", "politics");
    String text = "The team won the football match in the last minute.";
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      ClassifyReply one =
          reply(
              ClassifyReply.class,
              outcome(
                  "one", "classify", ClassifyRequest.class, classify(false, labels, text, " ")));
      ClassifyReply each =
          reply(
              ClassifyReply.class,
              outcome("each", "classify", ClassifyRequest.class, classify(true, labels, text)));

      assertThat(worker.id()).isNotEmpty();
      assertThat(one.getLabels()).isEqualTo(labels);
      List<Float> scores = ((LabelScores) one.getItems().getFirst()).getScores();
      assertThat(scores.stream().mapToDouble(Float::doubleValue).sum()).isCloseTo(1, within(1e-5));
      assertThat(Collections.max(scores)).isEqualTo(scores.get(1));
      ErrorRecord empty = (ErrorRecord) one.getItems().get(1);
      assertThat(empty.getCode()).isEqualTo("InvalidInput");
      assertThat(empty.getMessage()).isEqualTo("The text is empty.");
      assertThat(((LabelScores) each.getItems().getFirst()).getScores())
          .hasSize(3)
          .allSatisfy(score -> assertThat(score).isBetween(0f, 1f));
    }
  }

  @Test
  void classify_whatCannotBeAsked_isRejectedNamingTheLimit() {
    List<String> tooMany = IntStream.range(0, 257).mapToObj(i -> "label " + i).toList();
    String[] texts = Collections.nCopies(33, "text").toArray(String[]::new);
    ClassifyRequest noPlace =
        ClassifyRequest.newBuilder(classify(false, List.of("a", "b"), "text"))
            .setTemplate("This text is about")
            .build();
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      assertThat(worker.id()).isNotEmpty();
      assertThat(refused("many", classify(false, tooMany, "text")))
          .isEqualTo(
              "A request has at most 256 labels here, this one 257; ask with fewer, or raise"
                  + " nli.max-labels, up to 1024, for all NLI workers.");
      assertThat(refused("none", classify(false, List.of(), "text"))).contains("needs a label");
      assertThat(refused("twice", classify(false, List.of("a", "a"), "text"))).contains("once");
      assertThat(refused("blank", classify(false, List.of("a", " "), "text"))).contains("empty");
      assertThat(refused("no place", noPlace)).contains("{}");
      // 33 texts with two labels are more pairs than one record may make.
      assertThat(refused("texts", classify(false, List.of("a", "b"), texts)))
          .contains("1 to 32 items, this one 33");
    }
  }

  private String refused(String name, ClassifyRequest request) {
    ErrorRecord error = rejection(outcome(name, "classify", ClassifyRequest.class, request));
    assertThat(error.getCode()).isEqualTo("InvalidInput");
    return error.getMessage();
  }

  @Test
  void stance_texts_scoresThatAddUpToOne() {
    StanceRequest request =
        new StanceRequest(
            PairTruncation.ERROR,
            List.of(
                new StanceItem(item("I love the new park. We should build more."), "the park"),
                new StanceItem(item("I hate the new park. It must be closed."), "the park"),
                new StanceItem(item("Nobody asked."), " ")));
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      StanceReply reply =
          reply(StanceReply.class, outcome("stance", "stance", StanceRequest.class, request));

      assertThat(worker.id()).isNotEmpty();
      StanceScores favor = (StanceScores) reply.getItems().getFirst();
      assertThat(favor.getLabel()).isEqualTo(StanceLabel.FAVOR);
      assertThat(favor.getFavor() + favor.getAgainst() + favor.getNeutral())
          .isCloseTo(1f, within(1e-5f));
      assertThat(((StanceScores) reply.getItems().get(1)).getAgainst())
          .isGreaterThan(favor.getAgainst());
      ErrorRecord empty = (ErrorRecord) reply.getItems().get(2);
      assertThat(empty.getCode()).isEqualTo("InvalidInput");
      assertThat(empty.getMessage()).isEqualTo("The target is empty.");
    }
  }

  @Test
  void tokenize_byAnyKnownName_countsAndShowsTokens() {
    try (Worker worker = start(WorkerConfig.QueueChoice.AUTO)) {
      TokenizeReply own =
          reply(
              TokenizeReply.class,
              outcome(
                  "own",
                  "tokenize",
                  TokenizeRequest.class,
                  new TokenizeRequest(true, List.of(item("Une fée 🐿")))));
      TokenizeReply gpt =
          reply(
              TokenizeReply.class,
              outcome(
                  "gpt",
                  "tokenize",
                  "gpt-4o",
                  TokenizeRequest.class,
                  new TokenizeRequest(false, List.of(item("hello world"), item("")))));
      ErrorRecord unknown =
          rejection(
              outcome(
                  "unknown",
                  "tokenize",
                  "nobody's",
                  TokenizeRequest.class,
                  new TokenizeRequest(false, List.of(item("x")))));

      assertThat(worker.id()).isNotEmpty();
      Tokens tokens = (Tokens) own.getItems().getFirst();
      assertThat(tokens.getTokens()).hasSize(tokens.getCount());
      assertThat(own.getApproximate()).isFalse();
      assertThat(((Tokens) gpt.getItems().get(0)).getCount()).isEqualTo(2);
      assertThat(((Tokens) gpt.getItems().get(1)).getCount()).isZero();
      assertThat(unknown.getCode()).isEqualTo("ModelNotFound");
    }
  }

  @Test
  void models_afterLoading_sayWhatTheyAre() {
    assertThat(engine.ready()).isTrue();
    assertThat(engine.models())
        .singleElement()
        .satisfies(model -> {
          assertThat(model.id()).isEqualTo(MODEL);
          assertThat(model.spaceId()).isEmpty();
          assertThat(model.dimensions()).isZero();
          assertThat(model.maxTokens()).isEqualTo(512);
        });
  }
}
