package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.flight.Occupancy;
import io.ratatoskr.schemas.Lane;
import org.junit.jupiter.api.Test;

class TaskStateTest {
  private final TaskState task =
      new TaskState("task", Lane.INTERACTIVE, new FlightCount(new Occupancy(1)), new Occupancies());
  private final FakeDirectory directory = new FakeDirectory();

  @Test
  void incarnationLastsWhileItIsPunctuated() {
    task.punctuated(1_000);
    long first = task.incarnation();
    for (long now = 1_000; now < 60_000; now += 5_000) {
      task.punctuated(now);
    }
    assertThat(task.incarnation()).isEqualTo(first);
  }

  @Test
  void pauseOfMoreThanFiveSecondsBeginsAnother() {
    task.punctuated(1_000);
    long first = task.incarnation();
    directory.progress = new TopicDirectory.Progress(3, 3);
    assertThat(task.caughtUp(directory, Lane.BULK, 0)).isTrue();

    task.punctuated(6_001);
    assertThat(task.incarnation()).isGreaterThan(first);
    directory.progress = new TopicDirectory.Progress(4, 3);
    assertThat(task.caughtUp(directory, Lane.BULK, 0)).isFalse();
  }

  @Test
  void clockSetBackBeginsAnother() {
    task.punctuated(100_000);
    long first = task.incarnation();
    task.punctuated(50_000);
    assertThat(task.incarnation()).isGreaterThan(first);
  }

  @Test
  void endOfResultsIsThatOfTheBeginning() {
    task.punctuated(1_000);
    directory.progress = new TopicDirectory.Progress(5, 0);
    assertThat(task.caughtUp(directory, Lane.BULK, 0)).isFalse();
    directory.progress = new TopicDirectory.Progress(1_000_000, 0);
    task.sawResult(4);
    assertThat(task.caughtUp(directory, Lane.BULK, 0)).isTrue();
  }
}
