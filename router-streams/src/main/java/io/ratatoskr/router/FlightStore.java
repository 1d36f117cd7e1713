package io.ratatoskr.router;

import io.ratatoskr.router.flight.Decision.Forget;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.RequestId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A lane's flights, retired flights, waiters and alarms, as key prefixes of one store, since only
 * within one changelog does the order of writes survive a crash. What a flight points at is written
 * before it and deleted after it, so that a flight that is there is whole:
 *
 * <pre>
 *   A due fingerprint generation             alarm: incarnation that set it
 *   F fingerprint                            flight of the newest generation
 *   O fingerprint generation                 retired flight
 *   W fingerprint generation request-id      waiter
 * </pre>
 *
 * Numbers are big-endian, so that alarms lie in order of time and generations in order.
 */
final class FlightStore {
  private static final byte ALARM = 'A';
  private static final byte FLIGHT = 'F';
  private static final byte RETIRED = 'O';
  private static final byte WAITER = 'W';
  private static final int PREFIX = 1 + Fingerprint.BYTES + Integer.BYTES;
  private static final int ALARM_KEY = PREFIX + Long.BYTES;

  /**
   * An entry of the alarm clock.
   *
   * @param dueMs when it is due, in epoch milliseconds
   * @param fingerprint the flight's fingerprint
   * @param generation its generation, from 1
   * @param armedIn incarnation of the task that set the alarm
   */
  record Alarm(long dueMs, Fingerprint fingerprint, int generation, long armedIn) {}

  private final KeyValueStore<Bytes, byte[]> store;
  private final FlightCodec codec;

  FlightStore(KeyValueStore<Bytes, byte[]> store, FlightCodec codec) {
    this.store = store;
    this.codec = codec;
  }

  /** The flight of the newest generation. */
  @Nullable Flight load(Fingerprint fingerprint) {
    byte[] bytes = store.get(flightKey(fingerprint));
    return bytes == null ? null : codec.decodeFlight(bytes);
  }

  /** The flight of that generation, retired or not. */
  @Nullable Flight load(Fingerprint fingerprint, int generation) {
    Flight newest = load(fingerprint);
    if (newest != null && newest.generation() == generation) {
      return newest;
    }
    byte[] bytes = store.get(key(RETIRED, fingerprint, generation));
    return bytes == null ? null : codec.decodeFlight(bytes);
  }

  /**
   * Writes alarm, then flight, then deletes the alarm that the flight had before.
   *
   * @param before the flight as it was, if it was
   * @param retired whether a newer generation has taken its place
   */
  void save(
      Fingerprint fingerprint,
      Flight flight,
      @Nullable Flight before,
      boolean retired,
      long incarnation) {
    int generation = flight.generation();
    boolean moved = before == null || before.alarmMs() != flight.alarmMs();
    if (moved) {
      store.put(
          alarmKey(flight.alarmMs(), fingerprint, generation), codec.encodeAlarm(incarnation));
    }
    store.put(
        retired ? key(RETIRED, fingerprint, generation) : flightKey(fingerprint),
        codec.encode(flight));
    if (moved && before != null) {
      store.delete(alarmKey(before.alarmMs(), fingerprint, generation));
    }
  }

  /**
   * Writes the flight that this one has retired once more, and then waiter, alarm and flight, the
   * waiter if it is there. An alarm may be missing where the store was made anew of a changelog
   * that lacks it.
   */
  void writeAgain(
      Fingerprint fingerprint,
      Flight flight,
      boolean retired,
      @Nullable RequestId waiter,
      long incarnation) {
    int generation = flight.generation();
    byte[] before = store.get(key(RETIRED, fingerprint, generation - 1));
    if (before != null) {
      armAgain(fingerprint, codec.decodeFlight(before), incarnation);
      writeAgain(key(RETIRED, fingerprint, generation - 1));
    }
    if (waiter != null) {
      writeAgain(waiterKey(fingerprint, generation, waiter));
    }
    armAgain(fingerprint, flight, incarnation);
    writeAgain(retired ? key(RETIRED, fingerprint, generation) : flightKey(fingerprint));
  }

  private void armAgain(Fingerprint fingerprint, Flight flight, long incarnation) {
    Bytes alarm = alarmKey(flight.alarmMs(), fingerprint, flight.generation());
    byte[] armed = store.get(alarm);
    store.put(alarm, armed == null ? codec.encodeAlarm(incarnation) : armed);
  }

  private void writeAgain(Bytes key) {
    byte[] value = store.get(key);
    if (value != null) {
      store.put(key, value);
    }
  }

  /** Keeps a flight under its generation, before the next one takes its place. */
  void retire(Fingerprint fingerprint, Flight flight) {
    store.put(key(RETIRED, fingerprint, flight.generation()), codec.encode(flight));
  }

  /**
   * Deletes waiters, then flight; its alarm goes last, so that it finds what is left. With the
   * newest generation go earlier ones whose alarms crashes have lost.
   */
  void forget(Fingerprint fingerprint, Forget forget, long alarmMs) {
    int generation = forget.flight().generation();
    Flight newest = load(fingerprint);
    boolean isNewest = newest != null && newest.generation() == generation;
    if (isNewest) {
      for (Flight flight : retiredBefore(fingerprint, generation)) {
        if (store.get(alarmKey(flight.alarmMs(), fingerprint, flight.generation())) == null) {
          deleteWaiters(fingerprint, flight.generation());
          store.delete(key(RETIRED, fingerprint, flight.generation()));
        }
      }
    }
    deleteWaiters(fingerprint, generation);
    if (isNewest) {
      store.delete(flightKey(fingerprint));
    }
    store.delete(key(RETIRED, fingerprint, generation));
    store.delete(alarmKey(alarmMs, fingerprint, generation));
  }

  /** The retired flights of earlier generations, the oldest first. */
  private List<Flight> retiredBefore(Fingerprint fingerprint, int generation) {
    List<Flight> all = new ArrayList<>();
    if (generation > 1) {
      try (KeyValueIterator<Bytes, byte[]> retired =
          store.range(key(RETIRED, fingerprint, 0), key(RETIRED, fingerprint, generation - 1))) {
        retired.forEachRemaining(entry -> all.add(codec.decodeFlight(entry.value)));
      }
    }
    return all;
  }

  /**
   * Deletes an alarm that is none of its flight's. A disk that outlived a crash may be what says so
   * while the changelog does not know it, so the rest is written first: the flight with the alarm
   * that it has, or that there is none, nor waiters of it.
   *
   * @param flight the flight of the alarm's generation; null where there is none
   * @param newest the flight of the newest generation; null where there is none
   */
  void clear(Alarm alarm, @Nullable Flight flight, @Nullable Flight newest, long incarnation) {
    Fingerprint fingerprint = alarm.fingerprint();
    if (flight != null) {
      boolean retired = newest != null && newest.generation() != flight.generation();
      writeAgain(fingerprint, flight, retired, null, incarnation);
    } else {
      deleteWaiters(fingerprint, alarm.generation());
      store.delete(key(RETIRED, fingerprint, alarm.generation()));
      if (newest == null) {
        store.delete(flightKey(fingerprint));
      }
    }
    store.delete(alarmKey(alarm.dueMs(), fingerprint, alarm.generation()));
  }

  private void deleteWaiters(Fingerprint fingerprint, int generation) {
    List<RequestId> ids = new ArrayList<>();
    eachWaiter(fingerprint, generation, waiter -> ids.add(waiter.id()));
    ids.forEach(id -> deleteWaiter(fingerprint, generation, id));
  }

  void put(Fingerprint fingerprint, int generation, Waiter waiter) {
    store.put(waiterKey(fingerprint, generation, waiter.id()), codec.encode(waiter));
  }

  @Nullable Waiter waiter(Fingerprint fingerprint, int generation, RequestId id) {
    byte[] bytes = store.get(waiterKey(fingerprint, generation, id));
    return bytes == null ? null : codec.decodeWaiter(id, bytes);
  }

  void deleteWaiter(Fingerprint fingerprint, int generation, RequestId id) {
    store.delete(waiterKey(fingerprint, generation, id));
  }

  /** Every waiter of a generation; the consumer must not write to the store. */
  void eachWaiter(Fingerprint fingerprint, int generation, Consumer<Waiter> consumer) {
    Bytes from = key(WAITER, fingerprint, generation);
    Bytes to = key(WAITER, fingerprint, generation + 1);
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, to)) {
      while (entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        if (entry.key.get().length == PREFIX + 2 * Long.BYTES) {
          ByteBuffer id = ByteBuffer.wrap(entry.key.get()).position(PREFIX);
          RequestId requestId = new RequestId(new UUID(id.getLong(), id.getLong()));
          consumer.accept(codec.decodeWaiter(requestId, entry.value));
        }
      }
    }
  }

  /**
   * The flight of the oldest generation that has such a waiter.
   *
   * @param newest the flight of the newest generation
   */
  @Nullable Flight knowing(
      Fingerprint fingerprint, Flight newest, RequestId id, Predicate<Waiter> such) {
    for (Flight flight : retiredBefore(fingerprint, newest.generation())) {
      Waiter waiter = waiter(fingerprint, flight.generation(), id);
      if (waiter != null && such.test(waiter)) {
        return flight;
      }
    }
    Waiter waiter = waiter(fingerprint, newest.generation(), id);
    return waiter != null && such.test(waiter) ? newest : null;
  }

  /** The first alarms due between two times, both included, in order of time. */
  List<Alarm> due(long fromMs, long toMs, int most) {
    List<Alarm> alarms = new ArrayList<>();
    Bytes from = Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES).put(ALARM).putLong(fromMs).array());
    Bytes to = Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES).put(ALARM).putLong(toMs + 1).array());
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, to)) {
      while (entries.hasNext() && alarms.size() < most) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        if (entry.key.get().length != ALARM_KEY) {
          continue;
        }
        ByteBuffer key = ByteBuffer.wrap(entry.key.get()).position(1);
        long due = key.getLong();
        byte[] fingerprint = new byte[Fingerprint.BYTES];
        key.get(fingerprint);
        alarms.add(
            new Alarm(
                due, Fingerprint.ofKey(fingerprint), key.getInt(), codec.decodeAlarm(entry.value)));
      }
    }
    return alarms;
  }

  /**
   * Shows open flights of the newest generation in the order of their fingerprints.
   *
   * @param after the fingerprint behind which to begin; null for the beginning
   * @param most how many flights are looked at, open or not
   * @return the fingerprint of the last one; null where none is left
   */
  @Nullable Fingerprint openAfter(byte @Nullable [] after, int most, Consumer<Flight> consumer) {
    Bytes from = after == null ? Bytes.wrap(new byte[] {FLIGHT}) : behind(after);
    Fingerprint last = null;
    try (KeyValueIterator<Bytes, byte[]> flights =
        store.range(from, Bytes.wrap(new byte[] {(byte) (FLIGHT + 1)}))) {
      for (int seen = 0; flights.hasNext(); seen++) {
        if (seen == most) {
          return last;
        }
        KeyValue<Bytes, byte[]> entry = flights.next();
        byte[] key = entry.key.get();
        if (key.length == 1 + Fingerprint.BYTES) {
          last = Fingerprint.ofKey(Arrays.copyOfRange(key, 1, key.length));
          Flight flight = codec.decodeFlight(entry.value);
          if (flight.isOpen()) {
            consumer.accept(flight);
          }
        }
      }
    }
    return null;
  }

  private static Bytes behind(byte[] fingerprint) {
    return Bytes.wrap(
        ByteBuffer.allocate(2 + Fingerprint.BYTES).put(FLIGHT).put(fingerprint).array());
  }

  /**
   * Lowers {@code lowest} to where the requests of a store's open flights stand. Reads every
   * flight.
   */
  static void lowestOpen(
      ReadOnlyKeyValueStore<Bytes, byte[]> store,
      FlightCodec codec,
      Map<TopicPartition, Long> lowest) {
    for (byte kind : new byte[] {FLIGHT, RETIRED}) {
      try (KeyValueIterator<Bytes, byte[]> flights =
          store.range(Bytes.wrap(new byte[] {kind}), Bytes.wrap(new byte[] {(byte) (kind + 1)}))) {
        while (flights.hasNext()) {
          Flight flight = codec.decodeFlight(flights.next().value);
          if (flight.isOpen()) {
            Source source = flight.facts().source();
            lowest.merge(
                new TopicPartition(source.topic(), source.partition()), source.offset(), Math::min);
          }
        }
      }
    }
  }

  private static Bytes flightKey(Fingerprint fingerprint) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Fingerprint.BYTES).put(FLIGHT).put(fingerprint.toKey()).array());
  }

  private static Bytes key(byte kind, Fingerprint fingerprint, int generation) {
    return Bytes.wrap(
        ByteBuffer.allocate(PREFIX).put(kind).put(fingerprint.toKey()).putInt(generation).array());
  }

  private static Bytes waiterKey(Fingerprint fingerprint, int generation, RequestId id) {
    return Bytes.wrap(
        ByteBuffer.allocate(PREFIX + 2 * Long.BYTES)
            .put(WAITER)
            .put(fingerprint.toKey())
            .putInt(generation)
            .putLong(id.value().getMostSignificantBits())
            .putLong(id.value().getLeastSignificantBits())
            .array());
  }

  private static Bytes alarmKey(long due, Fingerprint fingerprint, int generation) {
    return Bytes.wrap(
        ByteBuffer.allocate(ALARM_KEY)
            .put(ALARM)
            .putLong(due)
            .put(fingerprint.toKey())
            .putInt(generation)
            .array());
  }
}
