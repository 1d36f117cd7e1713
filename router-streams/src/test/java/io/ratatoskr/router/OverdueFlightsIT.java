package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.Requests.Request;
import io.ratatoskr.schemas.wire.WorkItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Too long for a unit test, though it uses no broker. */
class OverdueFlightsIT {
  @Test
  void overdueFlightsWhoseAnswersWaitAreAnsweredNotRetried() {
    int flights = 20_000; // twenty looks of the alarms
    try (Rig rig = new Rig()) {
      WorkItem[] work = new WorkItem[flights];
      for (int i = 0; i < flights; i++) {
        rig.send(Request.of(i, "t").within(Duration.ofSeconds(30)));
        work[i] = rig.interactiveWork().getFirst();
      }
      TopicDirectory.Progress waiting = new TopicDirectory.Progress(flights, 0);
      rig.directory.progress = waiting;
      rig.crash(Duration.ofMinutes(20), key -> true);

      rig.pass(Duration.ofSeconds(5));
      assertThat(rig.interactiveReplies()).isEmpty();
      for (int i = 0; i < flights; i++) {
        rig.report(
            Request.of(i, "t").within(Duration.ofSeconds(30)), work[i], Requests.answered("v"));
      }
      List<Told> replies = rig.interactiveReplies();
      assertThat(replies).hasSize(flights).allMatch(told -> told.outcome().equals("v"));
      assertThat(replies.stream().map(Told::id).distinct().count()).isEqualTo(flights);
      rig.pass(Duration.ofSeconds(60));
      assertThat(rig.interactiveReplies()).isEmpty();
      assertThat(rig.interactiveWork()).isEmpty();
    }
  }
}
