package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.WorkerAnswer;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.CachedAnswer;
import io.ratatoskr.schemas.wire.Timings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A task's answers, in a store without changelog: what is lost, say by a move to another process,
 * is inferred again. Entries leave in the order in which they expire, which is that in which they
 * came, when they expire or when room is needed.
 *
 * <pre>
 *   C fingerprint            answer
 *   E expires fingerprint    bytes of the answer
 * </pre>
 */
final class AnswerCache {
  private static final byte ANSWER = 'C';
  private static final byte EXPIRY = 'E';
  private static final int MOST_AT_ONCE = 1_000;

  private final Services services;
  private final TaskState task;
  private final @Nullable KeyValueStore<Bytes, byte[]> store;

  AnswerCache(ProcessorContext<?, ?> context, Lane lane, Services services) {
    this.services = services;
    this.task = context.getStateStore(RouterTopology.TASK);
    this.store =
        RouterTopology.caches(lane, services.config())
            ? context.getStateStore(RouterTopology.ANSWERS)
            : null;
  }

  /** Whether there is a cache at all. */
  boolean isOn() {
    return store != null;
  }

  /**
   * A stored answer that has not expired, from a pool and model that might answer now.
   *
   * @param facts of the request
   * @param catalog says which revision of a model a pool has
   */
  @Nullable WorkerAnswer get(
      Fingerprint fingerprint, Flight.Facts facts, CatalogSnapshot catalog, long now) {
    byte[] bytes = store == null ? null : store.get(answerKey(fingerprint));
    if (bytes == null) {
      return null;
    }
    try {
      CachedAnswer cached = services.codecs().cachedAnswer(bytes);
      boolean serves =
          cached.getExpiresMs() > now
              && facts.chain().stream().anyMatch(link -> isFrom(link, cached))
              && (facts.capability().streams() || isCurrent(catalog, cached));
      return serves
          ? new WorkerAnswer(cached.getPayload(), cached.getProvenance(), new Timings(0L, 0L))
          : null;
    } catch (UndecodableRecordException e) {
      return null;
    }
  }

  private static boolean isFrom(PoolCandidate link, CachedAnswer cached) {
    return link.pool().equals(cached.getPool()) && link.model().equals(cached.getModel());
  }

  /**
   * Whether the pool has that revision still; vectors of another one are of another space. A text
   * compares with nothing: that of an earlier revision is as good as it was.
   */
  private static boolean isCurrent(CatalogSnapshot catalog, CachedAnswer cached) {
    String answered = cached.getProvenance().getRevision();
    return catalog
        .pool(cached.getPool())
        .revisions()
        .getOrDefault(cached.getModel(), answered)
        .equals(answered);
  }

  /** Stores an answer, if it is small enough. */
  void put(Fingerprint fingerprint, Decision.Cache put, long now) {
    WorkerAnswer answer = put.answer();
    if (store == null || answer.payload().remaining() > services.cache().limits().answerBytes()) {
      return;
    }
    long expires = now + services.cache().limits().ttl().toMillis();
    byte[] bytes =
        services
            .codecs()
            .cachedAnswer(
                CachedAnswer.newBuilder()
                    .setExpiresMs(expires)
                    .setPool(put.flight().candidate().pool())
                    .setModel(put.flight().candidate().model())
                    .setPayload(answer.payload())
                    .setProvenance(answer.provenance())
                    .build());
    remove(store, fingerprint);
    store.put(answerKey(fingerprint), bytes);
    store.put(
        expiryKey(expires, fingerprint),
        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    task.cachedBytes(held(store) + bytes.length);
    long limit = services.cache().limits().taskBytes();
    while (task.cachedBytes() > limit && evict(store, Long.MAX_VALUE - 1) > 0) {
      // Again, since each round removes a bounded number.
    }
  }

  /** Removes answers that have expired, a bounded number at once. */
  void expire(long now) {
    if (store != null) {
      evict(store, now);
    }
  }

  /** Removes the entries that expire first: those due, or as many as make room. */
  private int evict(KeyValueStore<Bytes, byte[]> answers, long due) {
    boolean forRoom = due == Long.MAX_VALUE - 1;
    long excess = held(answers) - services.cache().limits().taskBytes();
    List<Bytes> oldest = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries =
        answers.range(expiryPrefix(0), expiryPrefix(due + 1))) {
      while (entries.hasNext() && oldest.size() < MOST_AT_ONCE && (!forRoom || excess > 0)) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        excess -= ByteBuffer.wrap(entry.value).getInt();
        oldest.add(entry.key);
      }
    }
    for (Bytes key : oldest) {
      byte[] fingerprint = new byte[Fingerprint.BYTES];
      ByteBuffer.wrap(key.get()).position(1 + Long.BYTES).get(fingerprint);
      remove(answers, Fingerprint.ofKey(fingerprint));
      answers.delete(key);
    }
    return oldest.size();
  }

  private void remove(KeyValueStore<Bytes, byte[]> answers, Fingerprint fingerprint) {
    byte[] old = answers.get(answerKey(fingerprint));
    if (old != null) {
      answers.delete(answerKey(fingerprint));
      task.cachedBytes(held(answers) - old.length);
      long expires = services.codecs().cachedAnswer(old).getExpiresMs();
      answers.delete(expiryKey(expires, fingerprint));
    }
  }

  private long held(KeyValueStore<Bytes, byte[]> answers) {
    if (task.cachedBytes() < 0) {
      long bytes = 0;
      try (KeyValueIterator<Bytes, byte[]> entries =
          answers.range(expiryPrefix(0), expiryPrefix(Long.MAX_VALUE))) {
        while (entries.hasNext()) {
          bytes += ByteBuffer.wrap(entries.next().value).getInt();
        }
      }
      task.cachedBytes(bytes);
    }
    return task.cachedBytes();
  }

  private static Bytes answerKey(Fingerprint fingerprint) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Fingerprint.BYTES).put(ANSWER).put(fingerprint.toKey()).array());
  }

  private static Bytes expiryKey(long expires, Fingerprint fingerprint) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES + Fingerprint.BYTES)
            .put(EXPIRY)
            .putLong(expires)
            .put(fingerprint.toKey())
            .array());
  }

  private static Bytes expiryPrefix(long expires) {
    return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES).put(EXPIRY).putLong(expires).array());
  }
}
