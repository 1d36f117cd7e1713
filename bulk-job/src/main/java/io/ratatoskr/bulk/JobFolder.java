package io.ratatoskr.bulk;

import io.ratatoskr.bulk.BulkJobException.AlreadyRunning;
import io.ratatoskr.bulk.BulkJobException.NotTheSameJob;
import io.ratatoskr.bulk.BulkJobException.OutputExists;
import io.ratatoskr.bulk.BulkJobException.OutputUnusable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder {@code OUTPUT.job} of an unfinished job. Its files, in the order in which they come
 * into being: {@code lock}, held by the one process that works here; {@code job.json}, which job it
 * is; {@code done.log}, the {@link JobLog}; {@code output} and {@code errors}, which grow; a {@code
 * window-N.journal} for each open window. A folder without {@code job.json} is a job that never
 * began.
 *
 * <p>When the output is whole, errors and output get their names, the folder is renamed to {@code
 * OUTPUT.job.done}, and that is deleted. So a process may die between any two steps: the job is
 * unfinished exactly as long as the folder has its first name.
 */
final class JobFolder implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int VERSION = 1;

  private final JobConfig config;
  private final Path folder;
  private final FileChannel lockFile;

  private JobFolder(JobConfig config, FileChannel lockFile) {
    this.config = config;
    this.folder = config.jobFolder();
    this.lockFile = lockFile;
  }

  /** Whether the output stands there whole, with no unfinished job beside it. */
  static boolean finished(JobConfig config) {
    return Files.exists(config.output()) && !Files.exists(config.jobFolder());
  }

  /**
   * Takes the folder for this process, makes it where there is none, and checks that the job may
   * begin or go on.
   *
   * @param identity of this job; a resumed one must have the same
   */
  static JobFolder open(JobConfig config, JobIdentity identity) throws IOException {
    requireWritable(config);
    delete(doneFolder(config));
    if (config.onExisting() == OnExisting.REFUSE) {
      requireNothingThere(config);
    }
    Path folder = config.jobFolder();
    try {
      createPrivate(folder);
    } catch (IOException e) {
      throw new OutputUnusable("cannot make the job's folder " + folder + ": " + e.getMessage(), e);
    }
    JobFolder job = new JobFolder(config, lock(folder));
    try {
      job.beginOrResume(identity);
      return job;
    } catch (IOException | RuntimeException e) {
      job.close();
      throw e;
    }
  }

  private static void requireWritable(JobConfig config) {
    Path parent = config.output().getParent();
    if (parent == null || Files.isDirectory(config.output())) {
      throw new OutputUnusable("the output " + config.output() + " is a folder", null);
    }
    if (!Files.isDirectory(parent)) {
      throw new OutputUnusable("there is no folder " + parent + " for the output", null);
    }
    if (!Files.isWritable(parent)) {
      throw new OutputUnusable("the output's folder " + parent + " is not writable", null);
    }
  }

  private static void requireNothingThere(JobConfig config) {
    if (Files.exists(config.jobFolder().resolve("job.json"))) {
      throw new OutputExists(
          "an unfinished job stands in "
              + config.jobFolder()
              + "; go on with it (--resume), or begin anew (--overwrite)");
    }
    for (Path file : List.of(config.output(), config.errorsFile())) {
      if (Files.exists(file)) {
        throw new OutputExists(file + " exists; replace it (--overwrite), or name another output");
      }
    }
  }

  private static void createPrivate(Path folder) throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createDirectory(folder, attributes);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    Path path = folder.resolve("lock");
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process, which counts as held by another.
    }
    // The file is gone if the job that held it has just finished.
    if (lock == null || !Files.exists(path)) {
      channel.close();
      throw new AlreadyRunning("another process runs the job in " + folder);
    }
    return channel;
  }

  private void beginOrResume(JobIdentity identity) throws IOException {
    Path description = folder.resolve("job.json");
    if (config.onExisting() == OnExisting.OVERWRITE || !Files.exists(description)) {
      clear(description);
      Path fresh = folder.resolve("job.json.new");
      Map<String, Object> content = new LinkedHashMap<>();
      content.put("version", VERSION);
      content.put("identity", identity.values());
      Files.write(fresh, JSON.writeValueAsBytes(content));
      force(fresh);
      Files.move(fresh, description, StandardCopyOption.ATOMIC_MOVE);
      force(folder);
    } else {
      requireSame(identity, description);
    }
  }

  /** Deletes what an earlier job left, its description first, so that no part of it is resumed. */
  private void clear(Path description) throws IOException {
    Files.deleteIfExists(description);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("lock")) {
          Files.delete(file);
        }
      }
    }
  }

  private void requireSame(JobIdentity identity, Path description) throws IOException {
    Map<String, String> first = new LinkedHashMap<>();
    JSON.readTree(Files.readAllBytes(description))
        .path("identity")
        .properties()
        .forEach(property -> first.put(property.getKey(), property.getValue().asString()));
    List<String> differences = identity.differencesFrom(new JobIdentity(first));
    if (!differences.isEmpty()) {
      throw new NotTheSameJob(
          "the unfinished job in "
              + folder
              + " is another one; give what it was given, or begin anew (--overwrite)",
          differences);
    }
  }

  Path output() {
    return folder.resolve("output");
  }

  Path errors() {
    return folder.resolve("errors");
  }

  JobLog openLog() throws IOException {
    return JobLog.open(folder.resolve("done.log"));
  }

  WindowJournal openJournal(Window window) throws IOException {
    return WindowJournal.open(journal(window.index()), window);
  }

  /** Deletes the journal of a window that is done, should the process have died before that. */
  void deleteJournal(int window) throws IOException {
    Files.deleteIfExists(journal(window));
  }

  private Path journal(int window) {
    return folder.resolve("window-%06d.journal".formatted(window));
  }

  /**
   * Gives whole files their names and removes the folder. Carries on where an earlier process left
   * off.
   */
  void finish(boolean anyErrors) throws IOException {
    if (Files.exists(errors()) && anyErrors) {
      move(errors(), config.errorsFile());
    } else if (!anyErrors) {
      Files.deleteIfExists(config.errorsFile());
    }
    if (Files.exists(output())) {
      move(output(), config.output());
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      force(parent);
    }
    Path done = doneFolder(config);
    Files.move(folder, done, StandardCopyOption.ATOMIC_MOVE);
    delete(done);
  }

  /** Removes the folder of a job that has nothing to keep. */
  void discard() throws IOException {
    Files.deleteIfExists(folder.resolve("job.json"));
    delete(folder);
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path doneFolder(JobConfig config) {
    return config.jobFolder().resolveSibling(config.jobFolder().getFileName() + ".done");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Lets another process take the folder. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
