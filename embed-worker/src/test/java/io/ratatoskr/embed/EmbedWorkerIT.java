package io.ratatoskr.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.onnx.Embedder;
import io.ratatoskr.onnxworker.ModelEngine;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Truncation;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import io.ratatoskr.worker.TestPool;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithKafka(ownBroker = true)
class EmbedWorkerIT {
  private static final String MODEL = "all-minilm-l6-v2-q";
  private static final Codec<EmbedRequest> REQUESTS =
      Codec.of(EmbedRequest.class, SchemaIds.derived());
  private static final Codec<EmbedReply> REPLIES = Codec.of(EmbedReply.class, SchemaIds.derived());

  private TestPool pool;
  private static ModelEngine<Embedder> engine;
  private Worker worker;

  @BeforeAll
  static void load() {
    engine = EmbedEngine.start(EmbedConfig.of(MODEL), SchemaIds.derived()).awaitLoaded();
  }

  @AfterAll
  static void free() {
    engine.close();
  }

  @BeforeEach
  void start(TestKafka kafka) {
    pool = new TestPool(kafka);
    worker =
        Worker.start(pool.config(WorkerConfig.QueueChoice.AUTO), engine, new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    worker.close();
    pool.close();
  }

  private Object outcome(String name, String model, Truncation truncation, String... texts) {
    return outcome(name, model, truncation, 0, texts);
  }

  private Object outcome(
      String name, String model, Truncation truncation, int dimensions, String... texts) {
    EmbedRequest request =
        new EmbedRequest(
            InputType.DOCUMENT,
            truncation,
            dimensions,
            Arrays.stream(texts).map(text -> new Item(new Text(text))).toList());
    pool.send(
        Lane.INTERACTIVE,
        name,
        pool.item(name)
            .setModel(model)
            .setPayload(ByteBuffer.wrap(REQUESTS.encode(request)))
            .build());
    return pool.awaitOutcome(name);
  }

  private List<Object> items(String name, Truncation truncation, String... texts) {
    Answered answered = (Answered) outcome(name, MODEL, truncation, texts);
    return REPLIES.decode(answered.getPayload()).getItems();
  }

  @Test
  void embed_texts_vectorsOfTheModelAndWhoMadeThem() {
    Answered answered =
        (Answered) outcome("two", MODEL, Truncation.ERROR, "a squirrel", "an ash tree");

    EmbedReply reply = REPLIES.decode(answered.getPayload());
    assertThat(reply.getModel()).isEqualTo(MODEL);
    assertThat(reply.getDimensions()).isEqualTo(384);
    assertThat(reply.getSpaceId()).isNotEmpty();
    assertThat(reply.getItems())
        .hasSize(2)
        .allSatisfy(item -> {
          float[] vector = Float32.decode(((Embedding) item).getVector());
          assertThat(vector).hasSize(384);
          double squares = 0;
          for (float element : vector) {
            squares += element * element;
          }
          assertThat(squares).isCloseTo(1.0, within(1e-4));
        });
    assertThat(answered.getProvenance().getProvider()).isEqualTo("onnx");
    assertThat(answered.getProvenance().getModel()).isEqualTo(MODEL);
    assertThat(answered.getProvenance().getRevision()).isNotEmpty();
    assertThat(answered.getProvenance().getWorker()).isEqualTo(worker.id());
    assertThat(answered.getProvenance().getLocation()).isEqualTo(Location.LOCAL);
  }

  @Test
  void embed_fewerDimensions_areTheFirstOnesAtLength1() {
    Answered whole = (Answered) outcome("whole", MODEL, Truncation.ERROR, 0, "a squirrel");
    Answered cut = (Answered) outcome("cut", MODEL, Truncation.ERROR, 64, "a squirrel");

    EmbedReply reply = REPLIES.decode(cut.getPayload());
    assertThat(reply.getDimensions()).isEqualTo(64);
    assertThat(reply.getSpaceId()).isNotEqualTo(REPLIES.decode(whole.getPayload()).getSpaceId());
    float[] few = vector(cut);
    float[] all = vector(whole);
    double squares = 0;
    for (int i = 0; i < few.length; i++) {
      squares += (double) few[i] * few[i];
      assertThat(few[i] * all[0]).isCloseTo(all[i] * few[0], within(1e-5f));
    }
    assertThat(squares).isCloseTo(1, within(1e-5));
    Rejected rejected = (Rejected) outcome("more", MODEL, Truncation.ERROR, 385, "a squirrel");
    assertThat(rejected.getError().getMessage()).contains("384 dimensions", "1 to 384");
  }

  private static float[] vector(Answered answered) {
    Embedding first = (Embedding) REPLIES.decode(answered.getPayload()).getItems().getFirst();
    return Float32.decode(first.getVector());
  }

  @Test
  void embed_badItemsAmongGoodOnes_failAlone() {
    String tooLong = "word ".repeat(300);

    List<Object> items = items("mixed", Truncation.ERROR, "good", " ", tooLong, "also good");

    assertThat(items.get(0)).isInstanceOf(Embedding.class);
    assertThat(((ErrorRecord) items.get(1)).getCode()).isEqualTo("InvalidInput");
    ErrorRecord exceeded = (ErrorRecord) items.get(2);
    assertThat(exceeded.getCode()).isEqualTo("ContextLengthExceeded");
    assertThat(exceeded.getDetails()).containsEntry("limit", "256");
    assertThat(items.get(3)).isInstanceOf(Embedding.class);
  }

  @Test
  void embed_nothingButBlankTexts_everyItemRefused() {
    assertThat(items("blank", Truncation.ERROR, "", "\n"))
        .hasSize(2)
        .allSatisfy(item -> assertThat(((ErrorRecord) item).getCode()).isEqualTo("InvalidInput"));
  }

  @Test
  void embed_truncationAllowed_saysWhatWasUsed() {
    Embedding embedding =
        (Embedding) items("cut", Truncation.TRUNCATE, "word ".repeat(300)).getFirst();

    assertThat(embedding.getTruncated()).isTrue();
    assertThat(embedding.getTokens()).isEqualTo(302);
    assertThat(embedding.getUsedTokens()).isEqualTo(256);
  }

  @Test
  void embed_unknownModel_rejectedNamingThoseItHas() {
    Rejected rejected = (Rejected) outcome("unknown", "bert", Truncation.ERROR, "text");

    assertThat(rejected.getError().getCode()).isEqualTo("ModelNotFound");
    assertThat(rejected.getError().getMessage()).contains(MODEL);
  }

  @Test
  void start_modelLoaded_saysWhatItIs() {
    try (ModelEngine<Embedder> loading =
        EmbedEngine.start(EmbedConfig.of(MODEL), SchemaIds.derived())) {
      loading.loaded().join();

      assertThat(loading.ready()).isTrue();
      assertThat(loading.models())
          .singleElement()
          .satisfies(model -> {
            assertThat(model.id()).isEqualTo(MODEL);
            assertThat(model.dimensions()).isEqualTo(384);
            assertThat(model.maxTokens()).isEqualTo(256);
          });
    }
  }

  /** Our client sends no such records; another one may. */
  @ParameterizedTest
  @ValueSource(ints = {0, Limits.ITEMS + 1})
  void embed_noItemsOrTooMany_rejectedSayingHowMany(int items) {
    String[] texts = Collections.nCopies(items, "text").toArray(String[]::new);

    Rejected rejected = (Rejected) outcome("items " + items, MODEL, Truncation.ERROR, texts);

    assertThat(rejected.getError().getCode()).isEqualTo("InvalidInput");
    assertThat(rejected.getError().getMessage()).contains("1 to 256 items, this one " + items);
  }
}
