package io.ratatoskr.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class that leaves threads running which would keep a JVM alive: such threads that
 * are new since the class began and don't end within a minute. Brokers that are still in use don't
 * count.
 */
public final class StrayThreads implements BeforeAllCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(StrayThreads.class);

  private final Duration grace;

  /** Waits for a minute. */
  public StrayThreads() {
    this(Duration.ofSeconds(60));
  }

  StrayThreads(Duration grace) {
    this.grace = grace;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getStore(NAMESPACE)
        .put(Before.class, new Before(running().collect(Collectors.toSet())));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Before before = context.getStore(NAMESPACE).get(Before.class, Before.class);
    try {
      Awaitility.await().atMost(grace).pollInSameThread().until(() -> strays(before).isEmpty());
    } catch (ConditionTimeoutException e) {
      // This thread may have paused past the end of its wait.
      List<String> left = strays(before);
      if (!left.isEmpty()) {
        throw new AssertionError(
            context.getDisplayName()
                + " left threads running: "
                + left
                + ". Close what started them.",
            e);
      }
    }
  }

  private static List<String> strays(Before before) {
    return running()
        .filter(thread -> !before.threads().contains(thread))
        .map(Thread::getName)
        .sorted()
        .toList();
  }

  private static Stream<Thread> running() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !thread.isDaemon() && !isBroker(thread));
  }

  private static boolean isBroker(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null && group.getName().startsWith("embedded-kafka-");
  }

  private record Before(Set<Thread> threads) {}
}
