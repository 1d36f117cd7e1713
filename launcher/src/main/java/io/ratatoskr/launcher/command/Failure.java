package io.ratatoskr.launcher.command;

import io.ratatoskr.bulk.BulkJobException;
import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.settings.InvalidSettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Describes a command's failure to its user. */
public final class Failure {
  private Failure() {}

  /** One readable line. */
  public static String describe(Throwable failure) {
    Throwable cause = FutureFailure.cause(failure);
    String message =
        switch (cause) {
          case FileSystemException file -> describe(file);
          case InvalidPathException path -> describe(path);
          default -> cause.getMessage();
        };
    if (cause instanceof InvalidSettingsException && message != null) {
      return message; // whose lines may be a file that can be copied
    }
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName() + "; --debug shows where"
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Describes a failure of the file system, whose message mostly is the name alone. */
  private static String describe(FileSystemException failure) {
    String file = failure.getFile();
    return switch (failure) {
      case NoSuchFileException missing -> "there is no " + file;
      case AccessDeniedException denied -> "no permission for " + file;
      case FileAlreadyExistsException exists -> file + " exists already";
      case NotDirectoryException other -> file + " is not a folder";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static String describe(InvalidPathException failure) {
    PlatformEncoding encoding = PlatformEncoding.ofThisProcess();
    String text = failure.getInput() + " cannot name a file: " + failure.getReason();
    return encoding.charset().equals(StandardCharsets.UTF_8)
        ? text
        : text + "; " + encoding.remedy();
  }

  /** The command's exit status. */
  public static int exitCode(Throwable failure) {
    return FutureFailure.cause(failure) instanceof BulkJobException.DiskFull
        ? ExitCode.DISK_FULL
        : ExitCode.FAILED;
  }
}
