package io.ratatoskr.testkit;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Runs another main class in a child JVM that ends with its parent: a parent that is killed runs no
 * shutdown hook, and its children would stay behind.
 */
final class ChildMain {
  private ChildMain() {}

  /**
   * Runs the main class until it ends or the parent does.
   *
   * @param args the parent's process id, the main class, its arguments
   */
  public static void main(String[] args) throws Throwable {
    Optional<ProcessHandle> parent = ProcessHandle.of(Long.parseLong(args[0]));
    if (parent.isEmpty()) {
      return;
    }
    var _ = parent.get().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
    var main = Class.forName(args[1]).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    try {
      main.invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
