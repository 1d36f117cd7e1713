package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.wire.Abort;
import io.ratatoskr.schemas.wire.AlarmState;
import io.ratatoskr.schemas.wire.CachedAnswer;
import io.ratatoskr.schemas.wire.Chunk;
import io.ratatoskr.schemas.wire.CircuitStatus;
import io.ratatoskr.schemas.wire.DeadLetter;
import io.ratatoskr.schemas.wire.FlightState;
import io.ratatoskr.schemas.wire.LetterReplayed;
import io.ratatoskr.schemas.wire.MarkerState;
import io.ratatoskr.schemas.wire.OutcomeCounts;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.UsageRecord;
import io.ratatoskr.schemas.wire.WaiterState;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import io.ratatoskr.schemas.wire.WorkerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** The record schemas of this release, and those that earlier releases wrote. */
final class KnownSchemas {
  static {
    TrustedClasses.declare();
  }

  /** Those of records that belong to no capability. */
  private static final List<Class<? extends SpecificRecord>> OTHERS =
      List.of(
          WorkItem.class,
          WorkResult.class,
          Reply.class,
          Chunk.class,
          WorkerStatus.class,
          DeadLetter.class,
          LetterReplayed.class,
          UsageRecord.class,
          Abort.class,
          OutcomeCounts.class,
          CircuitStatus.class,
          FlightState.class,
          WaiterState.class,
          AlarmState.class,
          MarkerState.class,
          CachedAnswer.class);

  private static final List<Schema> CURRENT =
      Stream.concat(
              Arrays.stream(Capability.values()).flatMap(Capability::records), OTHERS.stream())
          .map(SpecificData.get()::getSchema)
          .toList();

  private KnownSchemas() {}

  /**
   * The class that records of that schema are read into.
   *
   * @throws UndecodableRecordException if it is none of this release's
   */
  static Class<? extends SpecificRecord> classOf(Schema written) {
    for (Schema schema : CURRENT) {
      if (schema.getFullName().equals(written.getFullName())) {
        Class<?> type = SpecificData.get().getClass(schema);
        return type.asSubclass(SpecificRecord.class);
      }
    }
    throw new UndecodableRecordException(
        "records of type " + written.getFullName() + " are unknown to this release");
  }

  /** The schemas that this release writes. */
  static List<Schema> current() {
    return CURRENT;
  }

  /**
   * The schemas of {@code released/}, one file for each version of each record, named in {@code
   * released/index.txt}. Files there are never changed, only added.
   */
  static List<Schema> released() {
    List<Schema> schemas = new ArrayList<>();
    for (String name : resource("released/index.txt").lines().toList()) {
      if (!name.isBlank()) {
        schemas.add(new Schema.Parser().parse(resource("released/" + name.strip())));
      }
    }
    return schemas;
  }

  static List<Schema> all() {
    List<Schema> schemas = new ArrayList<>(CURRENT);
    schemas.addAll(released());
    return schemas;
  }

  private static String resource(String name) {
    try (InputStream in = KnownSchemas.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading resource " + name, e);
    }
  }
}
