package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as users have them. */
class LineSourceIT {
  @TempDir private Path folder;

  @Test
  void refusesAnInputOfAnotherKindWhenItIsOpened() throws IOException {
    Path utf16 =
        Files.write(
            folder.resolve("in.jsonl"),
            "{\"id\":1,\"text\":\"a\"}\n".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> open(utf16))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining(utf16.toString())
        .hasMessageContaining("it is in UTF-16")
        .hasMessageContaining("iconv");
  }

  @Test
  void refusesAHeaderThatDoesNotSayWhichColumnIsMeant() throws IOException {
    Path twice = Files.writeString(folder.resolve("in.csv"), "id,text,lang,text\n1,a,en,b\n");
    assertThatThrownBy(() -> open(twice))
        .isInstanceOf(InputUnusable.class)
        .hasMessage("the input has two columns 'text', the 2. and the 4.; rename one");

    Files.write(twice, "id,naïve\n1,a\n2,b\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> open(twice))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("no header")
        .hasMessageContaining("UTF-8");

    Files.writeString(twice, "id,lang,text,lang\n1,en,a,fr\n");
    assertThat(read(twice)).as("columns that are not read").containsExactly("1=a");
  }

  @Test
  void refusesTheSameOfStandardInputWithItsFirstLine() throws IOException {
    InputStream stdin =
        new ByteArrayInputStream("text,text,id\na,b,1\n".getBytes(StandardCharsets.UTF_8));
    try (LineSource lines =
        LineSource.open(
            LineInput.of("-", InputFormat.CSV, List.of("text")), List.of("text"), stdin)) {
      assertThatThrownBy(lines::next)
          .isInstanceOf(InputUnusable.class)
          .hasMessageContaining("two columns 'text', the 1. and the 2.");
    }
  }

  @Test
  void saysHowManyRowsCameBeforeAFaultInGzip() throws IOException {
    byte[] whole = gzip("one\ntwo\nthree\n");
    Path file = folder.resolve("in.txt.gz");

    Files.write(file, joined(whole, gzip("four\n")));
    assertThat(read(file)).containsExactly("1=one", "2=two", "3=three", "4=four");

    Files.write(file, joined(whole, "rubbish".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining(
            "beyond the 3 rows before this fault: bytes follow its last gzip member");

    Files.write(file, Arrays.copyOf(whole, whole.length - 3));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputUnusable.class)
        .hasMessageContaining("beyond the 3 rows")
        .hasMessageContaining("cut short");
  }

  @Test
  void readsWhateverEndsALineAndTheLastWithout() throws IOException {
    Path file =
        Files.writeString(folder.resolve("in.csv"), "\uFEFFid,text\r\n007,\"a\r\nb\"\r\n1e3,c");
    assertThat(read(file)).containsExactly("007=a\r\nb", "1e3=c");
    Path json = folder.resolve("in.jsonl");
    Files.writeString(
        json, "{\"id\":1.50,\"text\":\"a\"}\r\n\r\n{\"id\":1e3,\"text\":\"b\\u0000\"}");
    assertThat(read(json)).containsExactly("1.50=a", "1e3=b\u0000");
  }

  private static LineSource open(Path file) {
    return LineSource.open(
        LineInput.of(file.toString(), List.of("text")),
        List.of("text"),
        InputStream.nullInputStream());
  }

  private static List<String> read(Path file) {
    List<String> read = new ArrayList<>();
    try (LineSource lines = open(file)) {
      for (Line line = lines.next(); line != null; line = lines.next()) {
        read.add(
            switch (line) {
              case Line.Good good -> good.id().value() + "=" + good.question().getFirst();
              case Line.Bad bad -> bad.refusal().reason();
            });
      }
    }
    return read;
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return compressed.toByteArray();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
