package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

class DerivedSchemaIdsTest {

  @Test
  void idOf_isTheStartOfSha256OverTheCanonicalForm() throws Exception {
    for (Schema schema : KnownSchemas.current()) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(SchemaNormalization.toParsingForm(schema).getBytes(UTF_8));
      int id = SchemaIds.derived().idOf(schema);

      assertThat(id).isEqualTo(ByteBuffer.wrap(hash).getInt());
      assertThat(SchemaIds.derived().schemaOf(id)).contains(schema);
    }
  }

  @Test
  void schemaOf_unknown_isEmpty() {
    assertThat(SchemaIds.derived().schemaOf(12345)).isEmpty();
  }

  /** Registries count from 1, and who has one reads derived ids too. */
  @Test
  void ids_areNoneThatARegistryGives() {
    assertThat(KnownSchemas.all())
        .extracting(SchemaIds.derived()::idOf)
        .noneMatch(id -> id >= 0 && id < 1_000_000);
  }

  /** Each child sees the schemas for the first time, in an order of its own. */
  @Test
  void idOf_otherJvms_whateverTheOrder_areTheSame() throws Exception {
    Map<String, Integer> here = Ids.inOrder(0);
    for (int seed = 1; seed <= 2; seed++) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Ids.class.getName(),
                  Integer.toString(seed))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String printed = new String(child.getInputStream().readAllBytes(), UTF_8);

      assertThat(child.waitFor()).isZero();
      assertThat(printed.strip()).isEqualTo(here.toString());
    }
  }

  /** Prints the ids by name, derived in a shuffled order. */
  static final class Ids {
    private Ids() {}

    static Map<String, Integer> inOrder(int seed) {
      List<Schema> schemas = new ArrayList<>(KnownSchemas.current());
      Collections.shuffle(schemas, new Random(seed));
      Map<String, Integer> ids = new TreeMap<>();
      for (Schema schema : schemas) {
        ids.put(schema.getFullName(), SchemaIds.derived().idOf(schema));
      }
      return ids;
    }

    public static void main(String[] args) {
      System.out.println(inOrder(Integer.parseInt(args[0])));
    }
  }
}
