package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GzipContentTest {
  private static final byte[] CONTENT = content();

  @Test
  void readsOneMemberAndMany() throws IOException {
    assertThat(read(gzip(CONTENT))).isEqualTo(CONTENT);
    assertThat(read(joined(gzip(CONTENT), gzip(new byte[0]), gzip(CONTENT))))
        .isEqualTo(joined(CONTENT, CONTENT));
    assertThat(read(gzip(new byte[0]))).isEmpty();
  }

  @Test
  void skipsWhatAHeaderMayHold() throws IOException {
    byte[] plain = gzip("a\n".getBytes(StandardCharsets.UTF_8));
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] more = {2, 0, 'x', 'y', 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2};
    assertThat(read(joined(header, more, Arrays.copyOfRange(plain, 10, plain.length))))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("a\n");
  }

  @Test
  void handsOutEverythingBeforeAFault() throws IOException {
    byte[] whole = gzip(CONTENT);
    byte[] wrongSum = whole.clone();
    wrongSum[whole.length - 8] ^= 1;

    assertFault(
        joined(whole, new byte[] {'x'}), ZipException.class, "bytes follow", CONTENT.length);
    assertFault(
        joined(whole, new byte[100_000]), ZipException.class, "bytes follow", CONTENT.length);
    assertFault(
        Arrays.copyOf(whole, whole.length - 1), EOFException.class, "cut short", CONTENT.length);
    assertFault(wrongSum, ZipException.class, "checksum", CONTENT.length);
    assertFault(new byte[] {'x'}, ZipException.class, "not compressed with gzip", 0);
    assertFault(new byte[0], EOFException.class, "cut short", 0);
    assertFault(Arrays.copyOf(whole, whole.length / 2), EOFException.class, "cut short", 1);
  }

  private static void assertFault(
      byte[] compressed, Class<? extends IOException> type, String message, int atLeast)
      throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (GzipContent content = new GzipContent(new ByteArrayInputStream(compressed))) {
      assertThatThrownBy(() -> content.transferTo(read))
          .isInstanceOf(type)
          .hasMessageContaining(message);
    }
    assertThat(read.size()).isGreaterThanOrEqualTo(atLeast);
    assertThat(read.toByteArray()).isEqualTo(Arrays.copyOf(CONTENT, read.size()));
  }

  private static byte[] read(byte[] compressed) throws IOException {
    try (GzipContent content = new GzipContent(new ByteArrayInputStream(compressed))) {
      return content.readAllBytes();
    }
  }

  /** Compresses by half or so, to several buffers. */
  private static byte[] content() {
    Random random = new Random(7);
    byte[] bytes = new byte[400_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(16));
    }
    return bytes;
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    }
    return compressed.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
