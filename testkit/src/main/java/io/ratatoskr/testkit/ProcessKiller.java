package io.ratatoskr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the processes that a test kills, and ends those that it left. A test method or constructor
 * of a class with {@code @ExtendWith(ProcessKiller.Extension.class)} may take one.
 */
public final class ProcessKiller implements AutoCloseable {
  private final List<ChildJvm> children = new CopyOnWriteArrayList<>();
  private final Path workFolder;

  private ProcessKiller(Path workFolder) {
    this.workFolder = workFolder;
  }

  /** A killer whose children work in a new temporary folder. */
  public static ProcessKiller create() {
    try {
      return new ProcessKiller(Files.createTempDirectory("children-"));
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder for child processes", e);
    }
  }

  /** Starts a JVM; it ends with the test at the latest. */
  public ChildJvm start(ChildJvm.Command command) {
    ChildJvm child = ChildJvm.start(command, workFolder);
    children.add(child);
    return child;
  }

  /** Kills all that are left and deletes what they printed. */
  @Override
  public void close() {
    children.forEach(ChildJvm::beginKill);
    children.forEach(ChildJvm::close);
    try (Stream<Path> tree = Files.walk(workFolder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Can't delete " + workFolder, e);
    }
  }

  /** Gives a test its {@link ProcessKiller} and closes it afterwards. */
  public static final class Extension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Extension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ProcessKiller.class;
    }

    @Override
    public ProcessKiller resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              context.getUniqueId(), key -> ProcessKiller.create(), ProcessKiller.class);
    }
  }
}
