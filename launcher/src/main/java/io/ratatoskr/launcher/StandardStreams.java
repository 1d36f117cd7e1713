package io.ratatoskr.launcher;

import io.ratatoskr.launcher.command.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output and error in UTF-8, whatever the locale says. Remembers why output could not be
 * written, which Java's print streams swallow.
 */
final class StandardStreams {
  private final Remembering out;
  private final PrintStream printed;
  private final PrintStream err;

  StandardStreams(OutputStream out, OutputStream err) {
    this.out = new Remembering(out);
    this.printed = new PrintStream(this.out, true, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
  }

  /** Puts those of this process in place of Java's own. */
  static StandardStreams install() {
    StandardStreams streams =
        new StandardStreams(
            new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
    System.setOut(streams.printed);
    System.setErr(streams.err);
    return streams;
  }

  PrintStream out() {
    return printed;
  }

  /**
   * The exit status of a command, which has failed where its output did not reach the file or the
   * disk. A reader that has gone, such as {@code head}, has what it wanted.
   */
  int checked(int exitCode) {
    printed.flush();
    IOException failure = out.failure;
    if (failure == null || exitCode != ExitCode.WHOLE || isBrokenPipe(failure)) {
      return exitCode;
    }
    err.println("ratatoskr: cannot write to standard output: " + failure.getMessage());
    return ExitCode.FAILED;
  }

  private static boolean isBrokenPipe(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("Broken pipe");
  }

  private static final class Remembering extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    Remembering(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
