package io.ratatoskr.embeddedkafka;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/**
 * The thread group that one broker starts and stops in, so that its threads can be told from all
 * others, other brokers' included: threads inherit the group of the thread that starts them.
 *
 * <p>That decides two things. Kafka ends its process on a failed disk or a fatal fault through
 * {@link Exit}, which is one hook per JVM; a call from a broker's thread fails that broker alone,
 * and any other keeps its meaning. And {@link #alive()} proves that a closed broker is gone.
 */
final class BrokerThreads extends ThreadGroup {
  private static final String SHARED_BY_ALL_BROKERS = "metrics-meter-tick-thread";

  static {
    Exit.setHaltProcedure((status, message) -> {
      failBroker("it halted with status " + status, message);
      Runtime.getRuntime().halt(status);
    });
    Exit.setExitProcedure((status, message) -> {
      failBroker("it exited with status " + status, message);
      System.exit(status);
    });
  }

  private final Consumer<String> onExit;

  BrokerThreads(String name, Consumer<String> onExit) {
    super(name);
    this.onExit = onExit;
  }

  /**
   * Tells the broker whose thread this is and ends the thread's work; returns for other threads.
   */
  private static void failBroker(String what, @Nullable String message) {
    for (ThreadGroup group = Thread.currentThread().getThreadGroup();
        group != null;
        group = group.getParent()) {
      if (group instanceof BrokerThreads broker) {
        String reason = message == null ? what : what + " (" + message + ")";
        broker.onExit.accept(reason);
        // Kafka counts on not coming back from an exit.
        throw new IllegalStateException("The embedded broker gave up: " + reason);
      }
    }
  }

  /**
   * Runs the task on a thread of this group and waits for its end, also when interrupted meanwhile.
   */
  <T> T call(String threadName, Callable<T> task) throws ExecutionException {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(this, future, threadName);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          thread.join();
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for the ends of the threads, at most that long; returns at once when interrupted. */
  void awaitEnd(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      for (Thread thread : living().toList()) {
        thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The names of this broker's living threads, without the pool that all brokers of a JVM share.
   */
  List<String> alive() {
    return living().map(Thread::getName).toList();
  }

  private Stream<Thread> living() {
    Thread[] threads = new Thread[activeCount() + 64];
    int count = enumerate(threads);
    return Arrays.stream(threads, 0, count)
        .filter(thread -> !thread.getName().startsWith(SHARED_BY_ALL_BROKERS));
  }
}
