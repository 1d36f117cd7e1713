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

/** A store in memory beside its changelog, which can lose its end. */
final class LoggedStore implements KeyValueStore<Bytes, byte[]> {
  private final NavigableMap<Bytes, byte[]> entries = new TreeMap<>();
  private final List<KeyValue<Bytes, byte @Nullable []>> changelog = new ArrayList<>();

  /** Writes so far, as far as they are in the changelog. */
  int logged() {
    return changelog.size();
  }

  /** The keys that are there. */
  Set<Bytes> keys() {
    return entries.keySet();
  }

  /**
   * A process ends before the changelog has everything.
   *
   * @param kept how many writes it has
   * @param elsewhere whether the store is made anew of the changelog; else that on disk is found
   *     again, with what the changelog has not
   */
  void crash(int kept, boolean elsewhere) {
    changelog.subList(kept, changelog.size()).clear();
    if (elsewhere) {
      entries.clear();
      changelog.forEach(write -> apply(write.key, write.value));
    }
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
