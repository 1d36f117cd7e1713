package io.ratatoskr.niceness;

import io.ratatoskr.schemas.Lane;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the share of busy processors that bulk's threads claim: to a third of what others do, so
 * that interactive work computes beside bulk at nearly full speed, and bulk goes on all the same.
 * Where nobody else computes, bulk has everything.
 *
 * <p>Java's own thread priorities do nothing on Linux by default. There {@code setpriority} works
 * on single threads, and everybody may lower a thread's claim, though not raise it again. Elsewhere
 * nothing happens.
 */
public final class Niceness {
  private static final Logger log = LoggerFactory.getLogger(Niceness.class);

  /** Weighs 335, where an ordinary thread weighs 1,024 (sched-nice-design of the Linux kernel). */
  private static final int BULK = 5;

  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private Niceness() {}

  /** Lowers the calling thread's claim for good if it works for bulk; its children inherit that. */
  public static void take(Lane lane) {
    // On other systems the call is one for the whole process.
    if (lane != Lane.BULK || !System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      int failed = (int) Native.SET_PRIORITY.invokeExact(PRIO_PROCESS, CALLING_THREAD, BULK);
      if (failed != 0) {
        log.debug("The system refuses to make {} nice", Thread.currentThread().getName());
      }
    } catch (Throwable e) {
      log.debug("No niceness on this system", e);
    }
  }

  /**
   * Makes something on a thread with the lane's claim, which all threads inherit that it starts.
   */
  public static <T> T inThreadOf(Lane lane, Supplier<T> made) {
    CompletableFuture<T> result = new CompletableFuture<>();
    var _ =
        Thread.ofPlatform()
            .name("start-" + lane.topicName())
            .start(() -> {
              take(lane);
              try {
                result.complete(made.get());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @SuppressWarnings("restricted") // like the inference runtime, it calls native code
  private static final class Native {
    static final MethodHandle SET_PRIORITY =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().find("setpriority").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));
  }
}
