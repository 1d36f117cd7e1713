package io.ratatoskr.launcher.operate;

import io.ratatoskr.schemas.AvroDeserializer;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.LetterReplayed;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads the dead letters. What a router wrote twice, since it crashed, counts once. */
final class LetterBox {
  /** Copies follow within seconds, so that few letters have to be remembered for them. */
  private static final int REMEMBERED = 100_000;

  private final TopicReader reader;
  private final AvroDeserializer<SpecificRecord> codec;

  LetterBox(TopicReader reader, SchemaIds ids) {
    this.reader = reader;
    this.codec = AvroDeserializer.of(ids);
  }

  /**
   * Letters that were looked for.
   *
   * @param letters the latest of them, in order of time
   * @param more how many older ones there are besides
   * @param unreadable records that are no letter of a known release
   */
  record Found(List<Letter> letters, long more, long unreadable) {}

  /** What two copies of a letter have in common: where its record stood, and whose it was. */
  private record Origin(String place, int generation, String requestId) {
    static Origin of(Letter letter) {
      return new Origin(letter.place(), letter.content().getGeneration(), letter.requestId());
    }
  }

  /** The collection of one reading. */
  private final class Reading {
    private static final Comparator<Letter> BY_TIME =
        Comparator.comparing(Letter::written)
            .thenComparingInt(letter -> letter.id().partition())
            .thenComparingLong(letter -> letter.id().offset());

    private final LetterFilter filter;
    private final boolean withReplayed;
    private final int most;
    private final TreeMap<Letter.Id, Letter> kept =
        new TreeMap<>(
            Comparator.comparingInt(Letter.Id::partition).thenComparingLong(Letter.Id::offset));
    private final Map<Origin, Boolean> known =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Origin, Boolean> eldest) {
            return size() > REMEMBERED;
          }
        };
    private long dropped;
    private long unreadable;

    Reading(LetterFilter filter, boolean withReplayed, int most) {
      this.filter = filter;
      this.withReplayed = withReplayed;
      this.most = most;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      switch (decode(record)) {
        case DeadLetter content -> keep(letter(record, content));
        case LetterReplayed mark -> replayed(mark);
        case null, default -> unreadable++;
      }
    }

    private void keep(Letter letter) {
      boolean isCopy = known.put(Origin.of(letter), true) != null;
      if (isCopy || !filter.takes(letter)) {
        return;
      }
      kept.put(letter.id(), letter);
      if (kept.size() > 2 * most) {
        Collection<Letter> oldest =
            kept.values().stream().sorted(BY_TIME).limit(kept.size() - most).toList();
        oldest.forEach(old -> kept.remove(old.id()));
        dropped += oldest.size();
      }
    }

    private void replayed(LetterReplayed mark) {
      Letter.Id id = new Letter.Id(mark.getPartition(), mark.getOffset());
      if (withReplayed) {
        kept.computeIfPresent(id, (same, letter) -> letter.replayedAs(mark.getRequestId()));
      } else {
        kept.remove(id);
      }
    }

    Found found() {
      int over = Math.max(0, kept.size() - most);
      return new Found(
          kept.values().stream().sorted(BY_TIME).skip(over).toList(), dropped + over, unreadable);
    }
  }

  /**
   * The latest letters that a filter takes.
   *
   * @param withReplayed whether those are meant whose request was sent again
   * @param most how many at most, 1 or more
   */
  Found find(LetterFilter filter, boolean withReplayed, int most) {
    Reading reading = new Reading(filter, withReplayed, most);
    reader.read(Topics.deadLetters(), filter.since(), reading::take);
    return reading.found();
  }

  /** The letter of that id, with what became of it; empty where it is not kept. */
  Optional<Letter> at(Letter.Id id) {
    Optional<Letter> letter =
        reader
            .at(Topics.deadLetters(), id.partition(), id.offset())
            .flatMap(record ->
                decode(record) instanceof DeadLetter content
                    ? Optional.of(letter(record, content))
                    : Optional.empty());
    return letter.map(this::withReplay);
  }

  private Letter withReplay(Letter letter) {
    Letter[] latest = {letter};
    reader.read(
        Topics.deadLetters(),
        letter.written(),
        record -> {
          if (decode(record) instanceof LetterReplayed mark
              && letter.id().equals(new Letter.Id(mark.getPartition(), mark.getOffset()))) {
            latest[0] = latest[0].replayedAs(mark.getRequestId());
          }
        });
    return latest[0];
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record, DeadLetter content) {
    return new Letter(
        new Letter.Id(record.partition(), record.offset()),
        Instant.ofEpochMilli(record.timestamp()),
        content,
        null);
  }

  private @Nullable SpecificRecord decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return codec.deserialize(record.topic(), record.headers(), record.value());
    } catch (UndecodableRecordException e) {
      return null;
    }
  }
}
