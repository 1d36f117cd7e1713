package io.ratatoskr.schemas;

import java.util.Optional;
import org.apache.avro.Schema;

/** Four-byte ids of schemas in the Confluent wire format. */
public interface SchemaIds {

  /** The id under which records of this schema are written. */
  int idOf(Schema schema);

  /** The schema that records of this id were written with, if it can be known. */
  Optional<Schema> schemaOf(int id);

  /**
   * Ids derived from the schemas themselves, for deployments without a registry: every JVM and
   * every restart derives the same.
   */
  static SchemaIds derived() {
    return DerivedSchemaIds.INSTANCE;
  }
}
