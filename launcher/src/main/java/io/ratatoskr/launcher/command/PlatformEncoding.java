package io.ratatoskr.launcher.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The encoding of arguments and file names: that of the locale, which nothing can change once the
 * process runs. Ours are UTF-8; the script sees to that.
 *
 * @param charset what the locale says
 */
public record PlatformEncoding(Charset charset) {
  /** The words as they were given, each ended by a zero byte; on Linux. */
  private static final Path GIVEN = Path.of("/proc/self/cmdline");

  private static final char REPLACEMENT = '\ufffd';

  /** That of this process. */
  public static PlatformEncoding ofThisProcess() {
    return new PlatformEncoding(
        Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8));
  }

  /** Why the arguments cannot be taken as Java has read them; empty where they can. */
  public Optional<String> refusal(String[] args) {
    if (!charset.equals(StandardCharsets.UTF_8)) {
      return Arrays.stream(args).allMatch(PlatformEncoding::isAscii)
          ? Optional.empty()
          : Optional.of("the arguments are not plain ASCII; " + remedy());
    }
    boolean replaced = Arrays.stream(args).anyMatch(word -> word.indexOf(REPLACEMENT) >= 0);
    return replaced && !givenAsUtf8()
        ? Optional.of("the arguments are not UTF-8; is the terminal set to another encoding?")
        : Optional.empty();
  }

  /** The advice where this encoding gets in the way. */
  String remedy() {
    return "Java reads arguments and names of files as %s here: set LC_ALL=C.UTF-8, or another locale with UTF-8"
        .formatted(charset);
  }

  private static boolean isAscii(String word) {
    return word.chars().allMatch(c -> c < 128);
  }

  private static boolean givenAsUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(GIVEN)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    } catch (IOException e) {
      // Another system, where nobody can tell; the character may have been meant.
      return true;
    }
  }
}
