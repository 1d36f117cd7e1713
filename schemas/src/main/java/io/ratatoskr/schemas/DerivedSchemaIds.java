package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The first four bytes of SHA-256 over a schema's parsing canonical form (Avro 1.12 specification).
 * An id is looked up among the schemas that this release knows, its own and all released before.
 */
final class DerivedSchemaIds implements SchemaIds {
  static final DerivedSchemaIds INSTANCE = new DerivedSchemaIds();

  private final Map<Integer, Schema> known = new HashMap<>();
  private final Map<Schema, Integer> ids = new ConcurrentHashMap<>();

  private DerivedSchemaIds() {
    for (Schema schema : KnownSchemas.all()) {
      Schema other = known.put(derive(schema), schema);
      if (other != null && !canonical(other).equals(canonical(schema))) {
        throw new IllegalStateException(
            "schemas " + other.getFullName() + " and " + schema.getFullName() + " share an id");
      }
    }
  }

  @Override
  public int idOf(Schema schema) {
    return ids.computeIfAbsent(schema, DerivedSchemaIds::derive);
  }

  @Override
  public Optional<Schema> schemaOf(int id) {
    return Optional.ofNullable(known.get(id));
  }

  private static int derive(Schema schema) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical(schema).getBytes(UTF_8));
      return ByteBuffer.wrap(hash).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String canonical(Schema schema) {
    return SchemaNormalization.toParsingForm(schema);
  }
}
