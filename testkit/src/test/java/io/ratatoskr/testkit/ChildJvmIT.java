package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.testkit.ChildJvm.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ProcessKiller.Extension.class)
class ChildJvmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Says who it is and counts until it is ended. */
  static final class Counter {
    public static void main(String[] args) throws InterruptedException {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
      System.out.println("hello " + args[0] + " " + System.getProperty("colour"));
      System.out.println("heap " + Runtime.getRuntime().maxMemory());
      CountDownLatch never = new CountDownLatch(1);
      for (int i = 0; !never.await(20, TimeUnit.MILLISECONDS); i++) {
        System.out.println("count " + i);
      }
    }
  }

  /** Has a child of its own and prints its process id. */
  static final class Parent {
    public static void main(String[] args) throws InterruptedException {
      ChildJvm child = ProcessKiller.create().start(Command.of(Counter.class, "grandchild"));
      child.awaitLine("count 1", PATIENCE);
      System.out.println("child " + child.pid());
      new CountDownLatch(1).await();
    }
  }

  /** Fails at once with anything but a number. */
  static final class Failing {
    public static void main(String[] args) {
      System.out.println(Integer.parseInt(args[0]));
    }
  }

  @Test
  void runsAMainClassWithArgumentsPropertiesAndHeap(ProcessKiller killer) {
    ChildJvm child =
        killer.start(
            Command.of(Counter.class, "world").withProperty("colour", "red").withHeap("64m"));
    assertThat(child.awaitLine("^hello", PATIENCE)).isEqualTo("hello world red");
    long heap = Long.parseLong(child.awaitLine("^heap", PATIENCE).substring("heap ".length()));
    assertThat(heap).isBetween(48L << 20, 64L << 20);
  }

  @Test
  void terminateRunsShutdownHooksAndKillDoesNot(ProcessKiller killer) {
    ChildJvm asked = killer.start(Command.of(Counter.class, "one"));
    ChildJvm killed = killer.start(Command.of(Counter.class, "two"));
    asked.awaitLine("count", PATIENCE);
    killed.awaitLine("count", PATIENCE);

    asked.terminate();
    killed.kill();

    assertThat(asked.awaitExit(PATIENCE)).isEqualTo(128 + 15);
    // The counting goes on while the hooks run.
    assertThat(asked.output()).containsPattern("(?m)^bye$");
    assertThat(killed.exit()).succeedsWithin(PATIENCE).isEqualTo(128 + 9);
    assertThat(killed.output()).doesNotContain("bye");
  }

  @Test
  void aStoppedProcessLivesAndDoesNothingUntilResumed(ProcessKiller killer) {
    ChildJvm child = killer.start(Command.of(Counter.class, "frozen"));
    child.awaitLine("count 3", PATIENCE);
    child.stop();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(procStat(child)).contains(") T "));
    // The state is that of one thread, and the others may stop a little later.
    AtomicReference<String> frozen = new AtomicReference<>("");
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(PATIENCE)
        .until(() -> child.output().equals(frozen.getAndSet(child.output())));
    assertThat(child.isAlive()).isTrue();

    child.resume();

    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> child.output().length() > frozen.get().length());
  }

  private static Path procStat(ChildJvm child) {
    return Path.of("/proc/" + child.pid() + "/stat");
  }

  @Test
  void grandchildrenEndWithAKilledParent(ProcessKiller killer) {
    ChildJvm parent = killer.start(Command.of(Parent.class));
    String line = parent.awaitLine("^child ", PATIENCE);
    ProcessHandle grandchild =
        ProcessHandle.of(Long.parseLong(line.substring("child ".length()))).orElseThrow();
    assertThat(grandchild.isAlive()).isTrue();

    parent.kill();

    Awaitility.await().atMost(PATIENCE).until(() -> !grandchild.isAlive());
  }

  @Test
  void closingTheKillerEndsItsChildrenAlsoFrozenOnes() {
    ChildJvm child;
    try (ProcessKiller killer = ProcessKiller.create()) {
      child = killer.start(Command.of(Counter.class, "left"));
      child.awaitLine("count", PATIENCE);
      child.stop();
    }
    assertThat(child.isAlive()).isFalse();
    assertThat(child.outputFile()).doesNotExist();
  }

  @Test
  void aMissingLineIsReportedWithTheOutput(ProcessKiller killer) {
    ChildJvm failing = killer.start(Command.of(Failing.class, "no luck"));
    assertThatThrownBy(() -> failing.awaitLine("never", PATIENCE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("before it ended")
        .hasMessageContaining("no luck");
    assertThat(failing.awaitExit(PATIENCE)).isEqualTo(1);
  }
}
