package io.ratatoskr.router;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store as Kafka Streams keeps it: on disk, and in a changelog. Each gets its writes in order,
 * and loses an end of its own when the process is killed.
 */
final class LoggedStore implements KeyValueStore<Bytes, byte[]> {
  private final NavigableMap<Bytes, byte[]> entries = new TreeMap<>();
  private final List<KeyValue<Bytes, byte @Nullable []>> changelog = new ArrayList<>();
  private final List<KeyValue<Bytes, byte @Nullable []>> disk = new ArrayList<>();
  private int logCheckpoint;
  private int diskCheckpoint;

  /** The keys that are there. */
  Set<Bytes> keys() {
    return entries.keySet();
  }

  /** Everything so far is on disk and in the changelog. */
  void commit() {
    logCheckpoint = changelog.size();
    diskCheckpoint = disk.size();
  }

  /**
   * A process ends, and another one goes on elsewhere with what is in the changelog.
   *
   * @param logged picks how much of it that is
   */
  void moves(int logged) {
    cut(changelog, logCheckpoint, logged);
    disk.clear();
    disk.addAll(changelog);
    open();
  }

  /**
   * A process ends and comes back on its disk, onto which it reads the changelog from its
   * checkpoint on: what that lacks stays as it is on disk, what it has is overwritten, be it by
   * what is older.
   *
   * @param logged picks how much the changelog has
   * @param flushed picks how much the disk has
   */
  void comesBack(int logged, int flushed) {
    cut(changelog, logCheckpoint, logged);
    cut(disk, diskCheckpoint, flushed);
    disk.addAll(changelog.subList(logCheckpoint, changelog.size()));
    open();
  }

  private static void cut(List<?> writes, int from, int pick) {
    writes.subList(from + pick % (writes.size() - from + 1), writes.size()).clear();
  }

  private void open() {
    entries.clear();
    disk.forEach(write -> apply(write.key, write.value));
    commit();
  }

  private void apply(Bytes key, byte @Nullable [] value) {
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    changelog.add(KeyValue.pair(key, value));
    disk.add(KeyValue.pair(key, value));
    apply(key, value);
  }

  @Override
  public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
    byte[] before = entries.get(key);
    if (before == null) {
      put(key, value);
    }
    return before;
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> all) {
    all.forEach(one -> put(one.key, one.value));
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    byte[] before = entries.get(key);
    put(key, null);
    return before;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return entries.get(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    return new Entries(entries.subMap(from, true, to, true));
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
    return new Entries(entries.subMap(from, true, to, true).descendingMap());
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return new Entries(entries);
  }

  @Override
  public long approximateNumEntries() {
    return entries.size();
  }

  @Override
  public String name() {
    return "flights";
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public Position getPosition() {
    return Position.emptyPosition();
  }

  /** What was there when it was asked for. */
  private static final class Entries implements KeyValueIterator<Bytes, byte[]> {
    private final Iterator<Map.Entry<Bytes, byte[]>> rest;
    private Map.@Nullable Entry<Bytes, byte[]> next;

    Entries(Map<Bytes, byte[]> entries) {
      this.rest = new ArrayList<>(entries.entrySet()).iterator();
      this.next = rest.hasNext() ? rest.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Bytes peekNextKey() {
      return present().getKey();
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      Map.Entry<Bytes, byte[]> present = present();
      next = rest.hasNext() ? rest.next() : null;
      return KeyValue.pair(present.getKey(), present.getValue());
    }

    private Map.Entry<Bytes, byte[]> present() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      return next;
    }

    @Override
    public void close() {}
  }
}
