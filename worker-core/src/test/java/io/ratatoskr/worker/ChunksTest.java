package io.ratatoskr.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.ChatChunk;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.wire.Chunk;
import io.ratatoskr.schemas.wire.Source;
import io.ratatoskr.schemas.wire.StreamTarget;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static final Codec<Chunk> CODEC = Codec.of(Chunk.class, SchemaIds.derived());
  private static final byte[] KEY = new byte[Fingerprint.BYTES];
  private static final String REQUEST = "0198c0de-0000-7000-8000-000000000001";
  private static final ChatEvent STARTED = new ChatEvent.Started("p", "m", Location.LOCAL, "named");

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final AtomicLong nanos = new AtomicLong(5);
  private final Queue<Runnable> delayed = new ArrayDeque<>();
  private final Chunks chunks = new Chunks(producer, CODEC, nanos::get, delayed::add);

  private static Delivery delivery(@Nullable StreamTarget stream) {
    WorkItem item =
        WorkItem.newBuilder()
            .setGeneration(1)
            .setAttempt(2)
            .setLink(0)
            .setSource(new Source("ratatoskr.default.interactive.requests.chat", 1, 7L))
            .setCapability("chat")
            .setModel("m")
            .setTenant("")
            .setDeadlineMs(1)
            .setQueueUntilMs(1)
            .setBudgetMs(1)
            .setDispatchedMs(1)
            .setStream(stream)
            .build();
    return new Delivery(
        new ConsumerRecord<>("work", 0, 3, KEY, new byte[0]),
        item,
        Lane.INTERACTIVE,
        "run",
        1,
        null);
  }

  private Chunks.Stream stream() {
    return chunks.open(delivery(new StreamTarget(REQUEST, 4, "inbox"))).orElseThrow();
  }

  private List<ChatChunk> sent() {
    return producer.history().stream()
        .map(record -> ChatChunk.ofWire(CODEC.decode(record.value(), record.headers())))
        .toList();
  }

  private static ChatEvent text(String text) {
    return new ChatEvent.Content(text);
  }

  @Test
  void whereNoStreamIsWanted_thereIsNone() {
    assertThat(chunks.open(delivery(null))).isEmpty();
  }

  @Test
  void theFirstPiece_isSentAtOnceWithTheStart_toTheInboxOfItsRequest() {
    Chunks.Stream stream = stream();
    stream.accept(STARTED);
    assertThat(sent()).isEmpty();
    stream.accept(text("a"));

    ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
    assertThat(record.topic()).isEqualTo("ratatoskr.default.interactive.replies");
    assertThat(record.partition()).isEqualTo(4);
    assertThat(record.key()).isEqualTo(KEY);
    assertThat(record.headers().lastHeader("request-id").value())
        .isEqualTo(REQUEST.getBytes(UTF_8));
    assertThat(record.headers().lastHeader("inbox").value()).isEqualTo("4:inbox".getBytes(UTF_8));
    assertThat(record.headers().lastHeader("kind").value()).isEqualTo("chunk".getBytes(UTF_8));
    assertThat(sent()).containsExactly(new ChatChunk("run", 2, 0, List.of(STARTED, text("a"))));
  }

  @Test
  void aStartWithoutPieces_isSentSoon_andTheFirstPieceAtOnceNevertheless() {
    Chunks.Stream stream = stream();
    stream.accept(STARTED);
    delayed.remove().run();
    assertThat(sent()).containsExactly(new ChatChunk("run", 2, 0, List.of(STARTED)));
    stream.accept(text("a"));

    assertThat(sent()).endsWith(new ChatChunk("run", 2, 1, List.of(text("a"))));
    assertThat(delayed).isEmpty();
  }

  @Test
  void whatFollowsSoon_waitsAndGoesTogether_asOnePiece() {
    Chunks.Stream stream = stream();
    stream.accept(text("first"));
    stream.accept(text("a"));
    stream.accept(text("b"));
    assertThat(sent()).hasSize(1);
    assertThat(delayed).hasSize(1);
    delayed.remove().run();

    assertThat(sent()).endsWith(new ChatChunk("run", 2, 1, List.of(text("ab"))));
  }

  @Test
  void timeToTheFirstPiece_isMeasuredFromTheStart() {
    Chunks.Stream stream = stream();
    nanos.addAndGet(Duration.ofMillis(7).toNanos());
    stream.accept(STARTED);
    assertThat(stream.firstAfterMs()).isZero();
    nanos.addAndGet(Duration.ofMillis(5).toNanos());
    stream.accept(text("first"));
    nanos.addAndGet(Duration.ofMillis(5).toNanos());
    stream.accept(text("a"));

    assertThat(stream.firstAfterMs()).isEqualTo(12);
  }

  @Test
  void whatFollowsLater_isSentAtOnce() {
    Chunks.Stream stream = stream();
    stream.accept(text("first"));
    nanos.addAndGet(Chunks.PAUSE.toNanos());
    stream.accept(text("a"));

    assertThat(sent()).hasSize(2);
    assertThat(delayed).isEmpty();
  }

  @Test
  void manyEventsAtOnce_areSentWithoutWaiting() {
    Chunks.Stream stream = stream();
    stream.accept(text("first"));
    IntStream.range(0, Chunks.MOST_EVENTS)
        .forEach(i -> stream.accept(new ChatEvent.ToolCallDelta(0, "x" + i)));

    assertThat(sent()).hasSize(2);
    assertThat(sent().getLast().events()).hasSize(Chunks.MOST_EVENTS);
  }

  @Test
  void end_sendsWhatWaits_completesWithTheLastAcknowledgement_andTakesNothingMore() {
    Chunks.Stream stream = stream();
    stream.accept(text("first"));
    stream.accept(text("a"));
    stream.accept(new ChatEvent.Done(FinishReason.STOP, ""));
    CompletableFuture<Void> end = stream.end();
    stream.accept(text("too late"));
    delayed.forEach(Runnable::run);

    assertThat(sent()).hasSize(2);
    assertThat(end).isNotDone();
    producer.completeNext();
    assertThat(end).isNotDone();
    producer.completeNext();
    assertThat(end).isCompleted();
  }

  @Test
  void aChunkThatIsLost_doesNotHoldUpTheEnd() {
    Chunks.Stream stream = stream();
    stream.accept(STARTED);
    CompletableFuture<Void> end = stream.end();
    producer.errorNext(new TimeoutException("on purpose"));

    assertThat(end).isCompleted();
  }

  @Test
  void end_withoutEvents_isThereAtOnce() {
    assertThat(stream().end()).isCompleted();
    assertThat(producer.history()).isEmpty();
  }
}
