package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.wire.MarkerState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Requests and jobs that were cancelled before all of them had come, in the store of the flights,
 * each until nothing of it can come any more. The entry that finds a marker when it is due is
 * written before it:
 *
 * <pre>
 *   M fingerprint request-id domain    a cancelled request
 *   J domain-length domain job         a cancelled job, and its last run that is
 *   T until key                        the marker of that key is due
 * </pre>
 */
final class Markers {
  private static final byte REQUEST = 'M';
  private static final byte JOB = 'J';
  private static final byte DUE = 'T';
  private static final int DUE_KEY = 1 + Long.BYTES;
  private static final int MOST_AT_ONCE = 1_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final FlightCodec codec;
  private final TaskState task;

  Markers(KeyValueStore<Bytes, byte[]> store, FlightCodec codec, TaskState task) {
    this.store = store;
    this.codec = codec;
    this.task = task;
  }

  /** Marks a request as cancelled. */
  void put(Fingerprint fingerprint, RequestId id, Domain domain, long untilMs) {
    put(requestKey(fingerprint, id, domain), untilMs, 0);
  }

  /** Marks a job as cancelled, up to that run. */
  void put(Domain domain, JobEpoch job, long untilMs) {
    Bytes key = jobKey(domain, job);
    byte[] before = store.get(key);
    long epoch =
        before == null ? job.epoch() : Math.max(job.epoch(), codec.decodeMarker(before).getEpoch());
    put(key, untilMs, epoch);
  }

  private void put(Bytes key, long untilMs, long epoch) {
    byte[] value = codec.encodeMarker(untilMs, epoch);
    store.put(dueKey(untilMs, key), value);
    store.put(key, value);
    task.marked(true);
  }

  /** Whether that request was cancelled before it came. */
  boolean has(Fingerprint fingerprint, RequestId id, Domain domain) {
    return any() && store.get(requestKey(fingerprint, id, domain)) != null;
  }

  /** Whether that run of a job is cancelled. */
  boolean has(Domain domain, JobEpoch job) {
    if (!any()) {
      return false;
    }
    byte[] value = store.get(jobKey(domain, job));
    return value != null && codec.decodeMarker(value).getEpoch() >= job.epoch();
  }

  /**
   * Whether there are any, or entries of some; nearly always there are none, and then no request
   * has to look.
   */
  private boolean any() {
    Boolean known = task.marked();
    if (known == null) {
      known = first(REQUEST) || first(JOB) || first(DUE);
      task.marked(known);
    }
    return known;
  }

  private boolean first(byte kind) {
    try (KeyValueIterator<Bytes, byte[]> entries =
        store.range(Bytes.wrap(new byte[] {kind}), Bytes.wrap(new byte[] {(byte) (kind + 1)}))) {
      return entries.hasNext() && entries.peekNextKey().get()[0] == kind;
    }
  }

  /** Deletes the markers that are due, a bounded number at once. */
  void expire(long now) {
    if (!any()) {
      return;
    }
    List<Bytes> due = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(duePrefix(0), duePrefix(now + 1))) {
      while (entries.hasNext() && due.size() < MOST_AT_ONCE) {
        due.add(entries.next().key);
      }
    }
    for (Bytes entry : due) {
      ByteBuffer bytes = ByteBuffer.wrap(entry.get()).position(1);
      long until = bytes.getLong();
      byte[] rest = new byte[bytes.remaining()];
      bytes.get(rest);
      Bytes key = Bytes.wrap(rest);
      byte[] marker = store.get(key);
      if (marker != null && isDue(codec.decodeMarker(marker), until)) {
        store.delete(key);
      }
      store.delete(entry);
    }
    if (!due.isEmpty()) {
      task.marked(null);
    }
  }

  /** One that was put again is due later. */
  private static boolean isDue(MarkerState marker, long until) {
    return marker.getUntilMs() <= until;
  }

  private static Bytes requestKey(Fingerprint fingerprint, RequestId id, Domain domain) {
    byte[] prefix = domain.prefix().getBytes(UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Fingerprint.BYTES + 2 * Long.BYTES + prefix.length)
            .put(REQUEST)
            .put(fingerprint.toKey())
            .putLong(id.value().getMostSignificantBits())
            .putLong(id.value().getLeastSignificantBits())
            .put(prefix)
            .array());
  }

  private static Bytes jobKey(Domain domain, JobEpoch job) {
    byte[] prefix = domain.prefix().getBytes(UTF_8);
    byte[] name = job.job().getBytes(UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(2 + prefix.length + name.length)
            .put(JOB)
            .put((byte) prefix.length)
            .put(prefix)
            .put(name)
            .array());
  }

  private static Bytes dueKey(long untilMs, Bytes key) {
    return Bytes.wrap(
        ByteBuffer.allocate(DUE_KEY + key.get().length)
            .put(DUE)
            .putLong(untilMs)
            .put(key.get())
            .array());
  }

  private static Bytes duePrefix(long untilMs) {
    return Bytes.wrap(ByteBuffer.allocate(DUE_KEY).put(DUE).putLong(untilMs).array());
  }
}
