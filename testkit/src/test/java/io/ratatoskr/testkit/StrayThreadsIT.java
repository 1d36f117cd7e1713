package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

class StrayThreadsIT {
  private static CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void endThreads() {
    end.countDown();
    end = new CountDownLatch(1);
  }

  static class LeavesAThread {
    @RegisterExtension
    static final StrayThreads EXTENSION = new StrayThreads(Duration.ofSeconds(1));

    @Test
    void starts() {
      start("left-behind", false);
    }
  }

  @ExtendWith(StrayThreads.class)
  static class LeavesADaemonAndEndsItsThread {
    @Test
    void starts() throws InterruptedException {
      start("daemon", true);
      Thread ended = new Thread(() -> {}, "ended");
      ended.start();
      ended.join();
    }
  }

  private static void start(String name, boolean daemon) {
    CountDownLatch until = end;
    Thread thread =
        new Thread(
            () -> {
              try {
                until.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(daemon);
    thread.start();
  }

  @Test
  void aClassThatLeavesAThreadRunningFails() {
    assertThat(failures(LeavesAThread.class))
        .singleElement()
        .asString()
        .contains("LeavesAThread left threads running: [left-behind]");
  }

  @Test
  void daemonsAndEndedThreadsAreNoStrays() {
    assertThat(failures(LeavesADaemonAndEndsItsThread.class)).isEmpty();
  }

  private static List<String> failures(Class<?> testClass) {
    var events = EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute();
    assertThat(events.testEvents().succeeded().count()).isEqualTo(1);
    return events.allEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> String.valueOf(result.getThrowable().orElseThrow().getMessage()))
        .toList();
  }
}
