package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every released schema stays readable (BACKWARD), and what is written now can be read by every
 * released one (FORWARD).
 */
class CompatibilityTest {
  private static final Path RELEASED = Path.of("src/main/resources/io/ratatoskr/schemas/released");

  private static List<String> breaks(List<Schema> released, List<Schema> current) {
    List<String> breaks = new ArrayList<>();
    for (Schema old : released) {
      current.stream()
          .filter(now -> now.getFullName().equals(old.getFullName()))
          .findAny()
          .ifPresentOrElse(
              now -> {
                check(breaks, "BACKWARD", now, old);
                check(breaks, "FORWARD", old, now);
              },
              () -> breaks.add(old.getFullName() + " is gone"));
    }
    return breaks;
  }

  private static void check(List<String> breaks, String way, Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
      breaks.add(
          way + " " + reader.getFullName() + ": " + result.getResult().getIncompatibilities());
    }
  }

  @Test
  void released_isCompatibleWithTheCurrentSchemas() {
    assertThat(breaks(KnownSchemas.released(), KnownSchemas.current())).isEmpty();
  }

  private static Schema record(String fields) {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
  }

  @Test
  void breaks_findsEachKindOfBreak() {
    String a = "{\"name\": \"a\", \"type\": \"int\"}";
    Schema old = record(a);

    assertThat(breaks(List.of(old), List.of(old))).isEmpty();
    assertThat(
            breaks(
                List.of(old),
                List.of(record(a + ", {\"name\": \"b\", \"type\": \"int\", \"default\": 0}"))))
        .isEmpty();
    assertThat(breaks(List.of(old), List.of(record(a + ", {\"name\": \"b\", \"type\": \"int\"}"))))
        .singleElement()
        .asString()
        .startsWith("BACKWARD R");
    assertThat(breaks(List.of(old), List.of(record(""))))
        .singleElement()
        .asString()
        .startsWith("FORWARD R");
    assertThat(breaks(List.of(old), List.of(record("{\"name\": \"a\", \"type\": \"string\"}"))))
        .hasSize(2);
    assertThat(breaks(List.of(old), List.of())).containsExactly("R is gone");
  }

  /**
   * Adds the current schemas to {@code released/} under a release's name: {@code ./mvnw -q -pl
   * schemas test -Dtest=CompatibilityTest -Dschemas.release=1.0}. Those that have not changed since
   * an earlier release are left out.
   */
  @Test
  @EnabledIfSystemProperty(named = "schemas.release", matches = "[0-9A-Za-z.-]+")
  void release() throws IOException {
    String version = System.getProperty("schemas.release");
    List<String> before =
        KnownSchemas.released().stream().map(CompatibilityTest::canonical).toList();
    List<String> index = new ArrayList<>(Files.readAllLines(RELEASED.resolve("index.txt"), UTF_8));
    for (Schema schema :
        KnownSchemas.current().stream().sorted(Comparator.comparing(Schema::getName)).toList()) {
      if (!before.contains(canonical(schema))) {
        String file = schema.getName() + "-" + version + ".avsc";
        Files.writeString(RELEASED.resolve(file), schema + "\n");
        index.add(file);
      }
    }
    Files.write(RELEASED.resolve("index.txt"), index);
    assertThat(index).isNotEmpty();
  }

  private static String canonical(Schema schema) {
    return SchemaNormalization.toParsingForm(schema);
  }
}
