package io.ratatoskr.schemas;

import java.time.Clock;
import java.util.Optional;
import org.apache.avro.Schema;

/** Four-byte ids of schemas in the Confluent wire format. */
public interface SchemaIds {

  /**
   * The id under which records of this schema are written.
   *
   * @throws SchemaRegistryException if it comes from a registry that gives none
   */
  int idOf(Schema schema);

  /**
   * The schema that records of this id were written with; empty where nobody knows one.
   *
   * @throws SchemaRegistryException if only a registry could tell, and it gives no answer
   */
  Optional<Schema> schemaOf(int id);

  /**
   * Ids derived from the schemas themselves, for deployments without a registry: every JVM and
   * every restart derives the same.
   */
  static SchemaIds derived() {
    return DerivedSchemaIds.INSTANCE;
  }

  /**
   * Ids from that registry, under the schema's full name as subject (RecordNameStrategy); derived
   * ones where there is none. With a registry, derived ids can be read all the same.
   */
  static SchemaIds of(SchemaRegistry registry) {
    return registry.equals(SchemaRegistry.NONE)
        ? derived()
        : new RegistrySchemaIds(registry, Clock.systemUTC(), RegistrySchemaIds.DATA_PATH);
  }
}
