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
 * What a lane's threads claim of processors that all want: bulk's less than others, so that
 * interactive work computes beside bulk at nearly full speed, and bulk goes on all the same. Where
 * nobody else computes, bulk has everything.
 *
 * <p>Java's own thread priorities do nothing on Linux by default. There {@code setpriority} works
 * on single threads, and everybody may lower a thread's claim, though not raise it again. Elsewhere
 * nothing happens. Weights are those of the kernel's sched-nice-design; an ordinary thread has
 * 1,024.
 */
public enum Niceness {
  /**
   * Of what decides and passes on: weighs 655. Its next step waits for the broker, which has an
   * ordinary claim, so more costs bulk speed.
   */
  ROUTING(2),

  /** Of what computes and never waits: weighs 335. */
  COMPUTING(5);

  private static final Logger log = LoggerFactory.getLogger(Niceness.class);

  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private final int nice;

  Niceness(int nice) {
    this.nice = nice;
  }

  /** Lowers the calling thread's claim for good if it works for bulk; its children inherit that. */
  public void take(Lane lane) {
    // On other systems the call is one for the whole process.
    if (lane != Lane.BULK || !System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      int failed = (int) Native.SET_PRIORITY.invokeExact(PRIO_PROCESS, CALLING_THREAD, nice);
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
  public <T> T inThreadOf(Lane lane, Supplier<T> made) {
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
