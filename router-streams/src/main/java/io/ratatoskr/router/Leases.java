package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.RequestId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The leases of requests that are cancelled when their client is lost, in the store of the flights:
 *
 * <pre>
 *   L fingerprint request-id domain    when the lease is over, and how long it is, in ms
 * </pre>
 *
 * A lease runs from when its renewal is read, and at least its own time from the beginning of the
 * task's incarnation: while nobody read renewals, no client was lost.
 */
final class Leases {
  private static final byte LEASE = 'L';
  private static final int PREFIX = 1 + Fingerprint.BYTES + 2 * Long.BYTES;
  private static final long LOOK_EVERY_MS = 1_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final TaskState task;

  Leases(KeyValueStore<Bytes, byte[]> store, TaskState task) {
    this.store = store;
    this.task = task;
  }

  /** A request whose lease is over. */
  record Over(Fingerprint fingerprint, RequestId id, Domain domain) {}

  /** A client says that it lives. */
  void renew(Fingerprint fingerprint, RequestId id, Domain domain, Duration within, long now) {
    store.put(
        key(fingerprint, id, domain),
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(now + within.toMillis())
            .putLong(within.toMillis())
            .array());
    task.leased(true);
  }

  /** Forgets a lease. */
  void end(Over over) {
    store.delete(key(over.fingerprint(), over.id(), over.domain()));
  }

  /** The leases that are over; looks once a second, and not at all where there are none. */
  List<Over> over(long now) {
    if (Boolean.FALSE.equals(task.leased()) || now - task.leasesSeenMs() < LOOK_EVERY_MS) {
      return List.of();
    }
    task.leasesSeen(now);
    List<Over> over = new ArrayList<>();
    boolean any = false;
    try (KeyValueIterator<Bytes, byte[]> entries =
        store.range(Bytes.wrap(new byte[] {LEASE}), Bytes.wrap(new byte[] {LEASE + 1}))) {
      while (entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        any = true;
        ByteBuffer lease = ByteBuffer.wrap(entry.value);
        if (now >= lease.getLong() && now >= task.incarnation() + lease.getLong()) {
          over.add(parse(entry.key));
        }
      }
    }
    task.leased(any);
    return over;
  }

  private static Bytes key(Fingerprint fingerprint, RequestId id, Domain domain) {
    byte[] prefix = domain.prefix().getBytes(UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(PREFIX + prefix.length)
            .put(LEASE)
            .put(fingerprint.toKey())
            .putLong(id.value().getMostSignificantBits())
            .putLong(id.value().getLeastSignificantBits())
            .put(prefix)
            .array());
  }

  private static Over parse(Bytes key) {
    ByteBuffer bytes = ByteBuffer.wrap(key.get()).position(1);
    byte[] fingerprint = new byte[Fingerprint.BYTES];
    bytes.get(fingerprint);
    RequestId id = new RequestId(new UUID(bytes.getLong(), bytes.getLong()));
    return new Over(Fingerprint.ofKey(fingerprint), id, new Domain(UTF_8.decode(bytes).toString()));
  }
}
