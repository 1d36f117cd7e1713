package io.ratatoskr.schemas;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
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

  /**
   * Ids from a schema registry with the Confluent REST API (version 7): {@code POST
   * /subjects/NAME/versions} and {@code GET /schemas/ids/ID}. The subject is the schema's full name
   * (RecordNameStrategy). Blocks while it asks, once for each schema and id.
   *
   * @param base URL below which the API lies; without credentials
   * @throws SchemaRegistryException later, from both methods, if the registry gives no answer
   */
  static SchemaIds registry(URI base) {
    return new RegistrySchemaIds(base, Clock.systemUTC());
  }

  /** Ids from the registry at {@value AvroSerializer#REGISTRY_URL}; derived ones without it. */
  static SchemaIds of(Map<String, ?> configs) {
    Object url = configs.get(AvroSerializer.REGISTRY_URL);
    return url == null || url.toString().isBlank()
        ? derived()
        : registry(URI.create(url.toString().strip()));
  }
}
