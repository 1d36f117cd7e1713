package io.ratatoskr.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthBookTest {
  private static final CircuitSettings SETTINGS =
      new CircuitSettings(3, 50, 10, Duration.ofSeconds(60), Duration.ofSeconds(30), 3, 3);
  private static final ModelOfPool MODEL = new ModelOfPool("openai", "gpt");
  private static final ModelOfPool OTHER = new ModelOfPool("embed", "minilm");

  private final HealthBook book = new HealthBook(SETTINGS);
  private final Map<ModelOfPool, Standing> topic = new HashMap<>();
  private long now = 1_000_000;

  private Map<ModelOfPool, Optional<Standing>> changes() {
    Map<ModelOfPool, Optional<Standing>> changes = book.changes(new HealthSnapshot(topic), now);
    changes.forEach((of, standing) ->
        standing.ifPresentOrElse(it -> topic.put(of, it), () -> topic.remove(of)));
    return changes;
  }

  private Standing told() {
    return new HealthSnapshot(topic).of(MODEL.pool(), MODEL.model());
  }

  private void answers(ModelOfPool of, int count, double executionMs) {
    report(of, count, 0, executionMs);
  }

  private void report(ModelOfPool of, int successes, int failures, double executionMs) {
    long since = new HealthSnapshot(topic).of(of.pool(), of.model()).sinceMs();
    Sample execution = successes == 0 ? Sample.NONE : new Sample(successes, executionMs);
    book.report(
        of,
        "a",
        new OutcomeReport(
            successes, failures, failures, 0, 0, since, 0, 0, Sample.NONE, Sample.NONE, execution),
        now);
  }

  @Test
  void stateIsToldAtOnceAndOnce() {
    report(MODEL, 0, 3, 0);
    assertThat(changes()).containsOnlyKeys(MODEL);
    assertThat(told().circuit()).isEqualTo(Circuit.OPEN);
    now += 5_000;
    assertThat(changes()).isEmpty();
    now += 25_000;
    changes();
    assertThat(told().circuit()).isEqualTo(Circuit.HALF_OPEN);
  }

  @Test
  void averagesAreToldWhenTheyHaveMovedByATenth() {
    answers(MODEL, 1, 100);
    assertThat(changes()).containsOnlyKeys(MODEL);
    answers(MODEL, 1, 500);
    assertThat(changes()).as("told this second").isEmpty();
    now += 1_000;
    assertThat(changes()).containsOnlyKeys(MODEL);
    assertThat(told().executionMs()).isEqualTo(180);
    answers(MODEL, 1, 200);
    now += 1_000;
    assertThat(changes()).as("moved by 4 ms").isEmpty();
  }

  @Test
  void stateThatIsNotHeardIsToldAgain() {
    report(MODEL, 0, 3, 0);
    changes();
    topic.put(MODEL, Standing.UNKNOWN); // another router took itself for the owner
    assertThat(changes()).isEmpty();
    now += 1_000;
    assertThat(changes()).containsOnlyKeys(MODEL);
    assertThat(told().circuit()).isEqualTo(Circuit.OPEN);
  }

  @Test
  void nextOwnerGoesOnWhereTheTopicIs() {
    report(MODEL, 0, 3, 0);
    answers(OTHER, 1, 100);
    changes();
    HealthBook next = new HealthBook(SETTINGS);
    next.take(new HealthSnapshot(topic), MODEL::equals, now);
    assertThat(next.changes(new HealthSnapshot(topic), now + 1_000)).isEmpty();
    assertThat(next.changes(new HealthSnapshot(topic), now + 30_000)).containsOnlyKeys(MODEL);
    next.drop(MODEL::equals);
    assertThat(next.changes(new HealthSnapshot(topic), now + 90_000)).isEmpty();
  }

  @Test
  void whatNobodyReportsOnIsForgotten() {
    answers(MODEL, 1, 100);
    changes();
    now += HealthBook.FORGOTTEN_MS + 1;
    assertThat(changes()).containsEntry(MODEL, Optional.empty());
    assertThat(changes()).isEmpty();
  }
}
