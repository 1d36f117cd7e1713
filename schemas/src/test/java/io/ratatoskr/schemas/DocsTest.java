package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The generated pages say what the code says. */
class DocsTest {
  private static final Path DOCS = Path.of("../docs");

  private static void check(String file, String current) throws IOException {
    Path page = DOCS.resolve(file);
    if (Boolean.getBoolean("docs.write")) {
      Files.createDirectories(DOCS);
      Files.writeString(page, current);
    }
    assertThat(page)
        .as(
            "docs/%s is stale; rewrite it with"
                + " ./mvnw -q -pl schemas test -Dtest=DocsTest -Ddocs.write=true",
            file)
        .usingCharset(UTF_8)
        .hasContent(current);
  }

  @Test
  void errors() throws IOException {
    check("errors.md", ErrorCode.markdown());
  }

  @Test
  void topics() throws IOException {
    check("topics.md", Topics.markdown());
  }

  @Test
  void protocol() throws IOException {
    check("clients/protocol.json", ProtocolVectors.json());
  }
}
