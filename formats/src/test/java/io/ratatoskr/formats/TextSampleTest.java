package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextSampleTest {
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void refusesTextInAnotherEncoding(String charset) {
    assertRefused("{\"id\":1,\"text\":\"hello\"}\n".getBytes(Charset.forName(charset)), "UTF-");
    assertRefused("東京は日本の首都です\n".repeat(20).getBytes(Charset.forName(charset)), "UTF-");
    assertRefused("\uFEFFid,text\n1,a\n".getBytes(Charset.forName(charset)), "UTF-");
  }

  @Test
  void namesWhatIsNoText() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    new GZIPOutputStream(gzip).close();
    assertRefused(gzip.toByteArray(), "ends in .gz");
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(zip)) {
      archive.putNextEntry(new ZipEntry("sheet"));
    }
    assertRefused(zip.toByteArray(), "zip archive");
    assertRefused("PAR1....".getBytes(StandardCharsets.UTF_8), "Parquet");
  }

  @Test
  void takesUtf8() {
    byte[] text = "naïve café 東京 🐿".getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= text.length; length++) { // cut in the middle of characters, too
      byte[] first = Arrays.copyOf(text, length);
      assertThatCode(() -> TextSample.of(first, first.length).requireText())
          .doesNotThrowAnyException();
    }
    String line = "a line with a zero \u0000 in it, and more text after it, é\n";
    byte[] oneZero = line.getBytes(StandardCharsets.UTF_8);
    assertThatCode(() -> TextSample.of(oneZero, oneZero.length).requireText())
        .doesNotThrowAnyException();
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThat(bytes).isNotEmpty();
    assertThatThrownBy(() -> TextSample.of(bytes, bytes.length).requireText())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }
}
