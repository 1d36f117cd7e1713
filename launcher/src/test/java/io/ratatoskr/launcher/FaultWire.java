package io.ratatoskr.launcher;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Envelope.ReplyTo;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.testkit.Guarantee;
import io.ratatoskr.worker.HashEngine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What the topics of a pipeline hold, read from their beginnings to their ends of that moment. */
record FaultWire(String bootstrap) {
  private static final Codec<EmbedRequest> REQUEST =
      Codec.of(EmbedRequest.class, SchemaIds.derived());
  private static final Codec<Reply> REPLY = Codec.of(Reply.class, SchemaIds.derived());
  private static final Codec<WorkResult> RESULT = Codec.of(WorkResult.class, SchemaIds.derived());
  private static final Codec<EmbedReply> EMBED_REPLY =
      Codec.of(EmbedReply.class, SchemaIds.derived());
  private static final Codec<DeadLetter> DEAD_LETTER =
      Codec.of(DeadLetter.class, SchemaIds.derived());

  /** A terminal reply to a request; its payload as {@link #payload}. */
  record Told(RequestId to, long offset, String payload) {}

  /** What a reply to that text says: its vector. */
  static String payload(String text) {
    return hex(Float32.encode(HashEngine.vector(text, FaultRole.DIMENSIONS)));
  }

  /** What a reply says that the client has decoded. */
  static String payload(float[] vector) {
    return hex(Float32.encode(vector));
  }

  /** What a reply with an error says. */
  static String error(String code) {
    return "error " + code;
  }

  private static String hex(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.duplicate().get(array);
    return HexFormat.of().formatHex(array);
  }

  /** What a request without a client says; nobody but {@link #replies} reads its reply. */
  static Envelope envelope(RequestId id, int inboxPartition) {
    return new Envelope(
        RequestHead.of(id, HashEngine.MODEL),
        new Inbox(inboxPartition, "raw"),
        FaultPipeline.PATIENCE,
        null,
        null);
  }

  /** Sends an embedding request whose payload may be anything, under its right key. */
  void request(Lane lane, Envelope envelope, byte[] value) {
    Headers headers = new RecordHeaders();
    envelope.writeTo(headers);
    byte[] key =
        Fingerprint.of(Capability.EMBED, Domain.DEFAULT, lane, envelope.head(), value).toKey();
    send(Topics.requests(Domain.DEFAULT, lane, Capability.EMBED), null, key, value, headers);
  }

  /** The requests of a lane whose text begins so: text by id, in the order of offsets. */
  Map<RequestId, String> requests(Lane lane, String prefix) {
    Map<RequestId, String> texts = new LinkedHashMap<>();
    for (var record : read(Topics.requests(Domain.DEFAULT, lane, Capability.EMBED))) {
      text(record)
          .filter(text -> text.startsWith(prefix))
          .ifPresent(
              text -> texts.put(ReplyTo.read(record.headers()).orElseThrow().requestId(), text));
    }
    return texts;
  }

  /** The first text of a request, if it can be read. */
  static Optional<String> text(ConsumerRecord<byte[], byte[]> request) {
    try {
      EmbedRequest decoded = REQUEST.decode(request.value());
      return Optional.of(((Text) decoded.getItems().getFirst().getContent()).getText());
    } catch (UndecodableRecordException e) {
      return Optional.empty(); // sent so by a test
    }
  }

  /** Whether a result is an answer. */
  static boolean isAnswer(ConsumerRecord<byte[], byte[]> result) {
    return RESULT.decode(result.value()).getOutcome() instanceof Answered;
  }

  /** All terminal replies of a lane. */
  List<Told> replies(Lane lane) {
    List<Told> replies = new ArrayList<>();
    for (var record : read(Topics.replies(Domain.DEFAULT, lane))) {
      RequestId to = ReplyTo.read(record.headers()).orElseThrow().requestId();
      replies.add(new Told(to, record.offset(), payload(REPLY.decode(record.value()))));
    }
    return replies;
  }

  private static String payload(Reply reply) {
    return switch (reply.getOutcome()) {
      case ReplyAnswer answer -> {
        Object item = EMBED_REPLY.decode(answer.getPayload()).getItems().getFirst();
        yield item instanceof Embedding embedding ? hex(embedding.getVector()) : item.toString();
      }
      case ErrorRecord error -> error(error.getCode());
      default -> throw new AssertionError("unknown outcome " + reply.getOutcome());
    };
  }

  /** Tells judges of those requests and of the replies to them. */
  @SafeVarargs
  final void tell(Lane lane, Map<RequestId, String> requests, Guarantee<String>... judges) {
    for (Guarantee<String> judge : judges) {
      requests.keySet().forEach(id -> judge.requested(id.toString()));
    }
    for (Told told : replies(lane)) {
      if (requests.containsKey(told.to())) {
        for (Guarantee<String> judge : judges) {
          judge.replied(new Guarantee.Reply<>(told.to().toString(), told.offset(), told.payload()));
        }
      }
    }
  }

  /** All dead letters. */
  List<DeadLetter> deadLetters() {
    return read(Topics.deadLetters()).stream()
        .map(record -> DEAD_LETTER.decode(record.value()))
        .toList();
  }

  /** All records of a topic, partition by partition in order. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** Writes a record; a partition of null is chosen by the key. */
  void send(
      String topic,
      @Nullable Integer partition,
      byte @Nullable [] key,
      byte[] value,
      Headers headers) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, partition, key, value, headers)).get();
    } catch (ExecutionException e) {
      throw new KafkaException("Cannot write to " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while writing to " + topic, e);
    }
  }
}
