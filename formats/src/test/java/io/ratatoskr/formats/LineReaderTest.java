package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void cutsLinesAndCountsThem() throws IOException {
    assertThat(lines("a\r\nb\n\nc", false, 100)).containsExactly("1:a", "2:b", "3:", "4:c");
    assertThat(lines("a\n", false, 100)).containsExactly("1:a");
    assertThat(lines("", false, 100)).isEmpty();
  }

  @Test
  void dropsAByteOrderMark() throws IOException {
    assertThat(lines("\uFEFFa\nb", false, 100)).containsExactly("1:a", "2:b");
    assertThat(lines("\uFEFF", false, 100)).isEmpty();
  }

  @Test
  void skipsTheRestOfAnOverlongLine() throws IOException {
    assertThat(lines("abcdef\nx\nabc\n", false, 3)).containsExactly("1:abc+", "2:x", "3:abc");
  }

  @Test
  void keepsLineBreaksInsideQuotesAndNumbersTheRecordByItsFirstLine() throws IOException {
    assertThat(lines("id,text\n1,\"a\nb\"\"\n,\"\n2,c\"d\n3,e\n", true, 100))
        .containsExactly("1:id,text", "2:1,\"a\nb\"\"\n,\"", "5:2,c\"d", "6:3,e");
  }

  @Test
  void anOpenQuoteCostsOneRecordOnly() throws IOException {
    assertThat(lines("1,\"never\nclosed and long\n2,b\n", true, 10))
        .containsExactly("1:1,\"never\nc+", "3:2,b");
  }

  private static List<String> lines(String content, boolean quotes, int maxBytes)
      throws IOException {
    LineReader reader =
        new LineReader(
            new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), quotes, maxBytes);
    List<String> lines = new ArrayList<>();
    for (LineReader.Raw raw = reader.next(); raw != null; raw = reader.next()) {
      lines.add(
          raw.number()
              + ":"
              + new String(raw.bytes(), StandardCharsets.UTF_8)
              + (raw.tooLong() ? "+" : ""));
    }
    return lines;
  }
}
