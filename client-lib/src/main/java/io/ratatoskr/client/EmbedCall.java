package io.ratatoskr.client;

import io.ratatoskr.client.EmbedReply.Embedded;
import io.ratatoskr.client.EmbedReply.Failed;
import io.ratatoskr.client.EmbedReply.ItemOutcome;
import io.ratatoskr.client.Provenance.CacheUse;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.Float32;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.Embedding;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.InputType;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.Truncation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Ratatoskr#embed}: the records it travels as, and the join of their outcomes.
 *
 * <p>Where the cache takes part, a batch travels as one record per item, so that hits are per item;
 * else as one record. Of a split batch, a record's failure is its item's outcome, unless all failed
 * or the failure is the pipeline's and not the request's.
 */
final class EmbedCall {
  static final Codec<io.ratatoskr.schemas.wire.EmbedRequest> REQUEST =
      Codec.of(io.ratatoskr.schemas.wire.EmbedRequest.class, SchemaIds.derived());
  private static final Codec<io.ratatoskr.schemas.wire.EmbedReply> REPLY =
      Codec.of(io.ratatoskr.schemas.wire.EmbedReply.class, SchemaIds.derived());

  private final CompletableFuture<EmbedReply> reply = new CompletableFuture<>();
  private final List<List<String>> parts;
  private final EmbedRequest request;

  // Guarded by this.
  private final @Nullable RecordOutcome[] outcomes;
  private int open;

  EmbedCall(EmbedRequest request) {
    this.request = request;
    RequestOptions options = request.options();
    boolean split =
        options.lane() == Lane.INTERACTIVE
            && options.cache() != CacheMode.OFF
            && request.texts().size() > 1;
    this.parts = split ? request.texts().stream().map(List::of).toList() : List.of(request.texts());
    this.outcomes = new @Nullable RecordOutcome[parts.size()];
    this.open = parts.size();
  }

  CompletableFuture<EmbedReply> reply() {
    return reply;
  }

  /** The record values, one for each part; or the limit that the request is above. */
  List<byte[]> encode() {
    long characters = request.texts().stream().mapToLong(String::length).sum();
    // No text is shorter in UTF-8 than in characters, so this spares encoding what is refused.
    refuseAbove(characters);
    List<byte[]> values = new ArrayList<>(parts.size());
    long bytes = 0;
    for (List<String> part : parts) {
      byte[] value = REQUEST.encode(wire(part));
      bytes += value.length;
      refuseAbove(bytes);
      values.add(value);
    }
    return values;
  }

  private static void refuseAbove(long bytes) {
    if (bytes > Limits.REQUEST_BYTES) {
      throw new RequestFailedException(
          new InferenceError.TooLarge(
              bytes,
              Limits.REQUEST_BYTES,
              "a request holds at most "
                  + Limits.REQUEST_BYTES
                  + " bytes, this one at least "
                  + bytes));
    }
  }

  private io.ratatoskr.schemas.wire.EmbedRequest wire(List<String> texts) {
    return io.ratatoskr.schemas.wire.EmbedRequest.newBuilder()
        .setModel(request.model())
        .setInputType(
            switch (request.inputType()) {
              case DOCUMENT -> InputType.DOCUMENT;
              case QUERY -> InputType.QUERY;
            })
        .setTruncation(
            switch (request.truncation()) {
              case ERROR -> Truncation.ERROR;
              case TRUNCATE -> Truncation.TRUNCATE;
              case CHUNK_MEAN -> Truncation.CHUNK_MEAN;
            })
        .setItems(texts.stream().map(text -> new Item(new Text(text))).toList())
        .build();
  }

  /** The outcome of one part; with the last one the call is complete. */
  void ended(int part, RecordOutcome outcome) {
    synchronized (this) {
      outcomes[part] = outcome;
      if (--open > 0) {
        return;
      }
    }
    try {
      reply.complete(joined());
    } catch (RatatoskrException e) {
      reply.completeExceptionally(e);
    }
  }

  private EmbedReply joined() {
    List<EmbedReply> answers = new ArrayList<>();
    List<ItemOutcome> items = new ArrayList<>();
    RatatoskrException failure = null;
    for (int part = 0; part < outcomes.length; part++) {
      RecordOutcome outcome = Objects.requireNonNull(outcomes[part]);
      if (outcome instanceof RecordOutcome.Answer answer) {
        outcome = decoded(answer, parts.get(part).size(), answers, items);
      }
      if (outcome instanceof RecordOutcome.Failure failed) {
        if (!(failed.cause() instanceof RequestFailedException refused)) {
          throw failed.cause();
        }
        failure = failure == null ? refused : failure;
        items.add(new Failed(refused.error()));
      }
    }
    if (answers.isEmpty()) {
      throw Objects.requireNonNull(failure);
    }
    EmbedReply first = answers.get(0);
    if (answers.stream().anyMatch(answer -> !answer.spaceId().equals(first.spaceId()))) {
      throw new RequestFailedException(
          new InferenceError.DataError(
              "the items were embedded in different vector spaces, as while a model is replaced;"
                  + " try again"));
    }
    return new EmbedReply(
        first.model(), first.spaceId(), first.dimensions(), items, merged(answers));
  }

  private static RecordOutcome decoded(
      RecordOutcome.Answer answer, int texts, List<EmbedReply> answers, List<ItemOutcome> items) {
    io.ratatoskr.schemas.wire.EmbedReply wire;
    List<ItemOutcome> decoded = new ArrayList<>(texts);
    try {
      wire = REPLY.decode(answer.payload());
      for (Object item : wire.getItems()) {
        decoded.add(itemOutcome(item, wire.getDimensions()));
      }
    } catch (UndecodableRecordException | IllegalArgumentException e) {
      return ReplyReading.undecodable(e);
    }
    if (decoded.size() != texts) {
      return ReplyReading.failure(
          new InferenceError.DataError(
              "the reply holds " + decoded.size() + " outcomes for " + texts + " texts"));
    }
    answers.add(
        new EmbedReply(
            wire.getModel(),
            wire.getSpaceId(),
            wire.getDimensions(),
            decoded,
            answer.provenance()));
    items.addAll(decoded);
    return answer;
  }

  private static ItemOutcome itemOutcome(Object item, int dimensions) {
    if (item instanceof ErrorRecord error) {
      return new Failed(ErrorCode.ofWire(error));
    }
    Embedding embedding = (Embedding) item;
    float[] vector = Float32.decode(embedding.getVector());
    if (vector.length != dimensions) {
      throw new IllegalArgumentException(
          "a vector has " + vector.length + " components instead of " + dimensions);
    }
    return new Embedded(
        vector, embedding.getTokens(), embedding.getUsedTokens(), embedding.getTruncated());
  }

  private static Provenance merged(List<EmbedReply> answers) {
    Provenance slowest =
        answers.stream()
            .map(EmbedReply::provenance)
            .max(
                Comparator.comparing(
                    provenance -> provenance.queueTime().plus(provenance.executionTime())))
            .orElseThrow();
    boolean mixed =
        slowest.cache() == CacheUse.HIT
            && answers.stream().anyMatch(answer -> answer.provenance().cache() != CacheUse.HIT);
    Optional<Provenance> other =
        answers.stream()
            .map(EmbedReply::provenance)
            .filter(provenance -> mixed && provenance.cache() != CacheUse.HIT)
            .findFirst();
    return other.orElse(slowest);
  }
}
